import { constants } from "node:os";
import { familyOf } from "../../api/address-family.js";
import type { Drift } from "../../api/provider.js";
import type { Address } from "../../api/resource.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type AddressState, encodeDeleteAddress, encodeNewAddress, listAddresses } from "./messages/address.js";
import { formatPrefix, type IpPrefix, parsePrefix } from "./messages/ip-prefix.js";
import type { Namespaces } from "./session/namespaces.js";
import { nsenterCommand } from "./session/nsenter-command.js";
import type { RequestQueue } from "./session/request-queue.js";
import type { Snapshots } from "./session/snapshots.js";

/** Queues the address. Throws `conflict` where the link has it with another prefix length. */
export function ensureAddress(queue: RequestQueue, namespaces: Namespaces, resource: Address): void {
  const prefix = parsePrefix(resource.address);
  const link = queue.indexOf(resource.netns, resource.link);
  queue.add({
    operation: "add address",
    object: `${resource.address} to ${resource.link}`,
    netns: resource.netns,
    encode: (batch) => encodeNewAddress(batch, link, prefix),
    refused({ errno }) {
      if (errno !== constants.errno.EEXIST) return false;
      const found = sameAddress(listAddresses(namespaces.at(resource.netns)), link, prefix);
      if (found !== undefined && found.length !== prefix.length) throw inTheWay(resource, found);
      return true;
    },
  });
}

/**
 * Queues the removal of an address that tsd made; one that is gone, with its link or without, counts as removed. No address
 * says who made it before Linux 5.18, where those stay that do not go with their links.
 */
export function removeAddress(queue: RequestQueue, snapshots: Snapshots, resource: Address): void {
  const link = queue.findIndex(resource.netns, resource.link);
  if (link === undefined) return;
  const prefix = parsePrefix(resource.address);
  const found = sameAddress(snapshots.at(resource.netns)?.addresses() ?? [], link, prefix);
  if (found?.own !== true || found.length !== prefix.length) return;
  const { EADDRNOTAVAIL, ENODEV } = constants.errno;
  queue.add({
    operation: "remove address",
    object: `${resource.address} from ${resource.link}`,
    netns: resource.netns,
    encode: (batch) => encodeDeleteAddress(batch, link, prefix),
    refused: ({ errno }) => errno === EADDRNOTAVAIL || errno === ENODEV,
  });
}

export function inspectAddress(snapshots: Snapshots, resource: Address): Drift | undefined {
  const snapshot = snapshots.at(resource.netns);
  const link = snapshot?.link(resource.link);
  if (snapshot === undefined || link === undefined) return { resource, problem: "missing" };
  const prefix = parsePrefix(resource.address);
  const found = sameAddress(snapshot.addresses(), link.index, prefix);
  if (found === undefined) return { resource, problem: "missing" };
  return found.length === prefix.length ? undefined : { resource, problem: "different", found: formatPrefix(found) };
}

export function describeAddress(verb: "ensure" | "remove", { netns, address, link }: Address): string {
  if (verb === "remove") return nsenterCommand(netns, `ip address delete ${address} dev ${link}`);
  return nsenterCommand(netns, `ip address add ${address} dev ${link}${familyOf(address) === 6 ? " nodad" : ""}`);
}

/** The same address with the same prefix length, or else with any. IPv4 allows several of them on one link. */
function sameAddress(addresses: readonly AddressState[], link: number, prefix: IpPrefix): AddressState | undefined {
  const same = addresses.filter((address) => address.link === link && address.bytes.equals(prefix.bytes));
  return same.find((address) => address.length === prefix.length) ?? same[0];
}

function inTheWay(resource: Address, found: IpPrefix): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_ADDRESS_CONFLICT",
    message: `${resource.link} has the address ${formatPrefix(found)} where ${resource.address} is wanted`,
    hint: `Remove it: ${nsenterCommand(resource.netns, `ip address delete ${formatPrefix(found)} dev ${resource.link}`)}`,
    details: { link: resource.link, netns: resource.netns, address: resource.address, found: formatPrefix(found) },
  });
}
