import ipaddr from "ipaddr.js";
import { familyOf } from "../../api/index.js";
import {
  type Field,
  member,
  optional,
  readEntries,
  readFlag,
  readInteger,
  readList,
  readText,
} from "../../contracts/json-field.js";
import { TsdError } from "../../errors/tsd-error.js";
import { freeSubnet, overlap, randomSubnet6, type SubnetPool } from "./free-subnet.js";
import { networkSpec } from "./network-spec.js";
import { parseInput } from "./parse-input.js";
import type { PodmanNetwork, PodmanSubnet } from "./podman-types.js";
import { readCidr, readNetwork } from "./read-network-options.js";

/** What podman knows to be taken, and where new networks get their subnets from. */
interface Surroundings {
  readonly interfaces: readonly string[];
  /** Of podman's networks. */
  readonly names: readonly string[];
  readonly subnets: readonly string[];
  readonly pools: readonly SubnetPool[];
  readonly prefix: string;
  readonly checks: boolean;
}

/**
 * Completes a network that podman is to make, as netavark 2 does: the bridge's name, subnets and gateways. Nothing is made
 * yet. `links` are the host's. Returns the document with what was added. Throws where tsd could not serve the network, so
 * that its user learns of it here.
 */
export function createNetwork(text: string, links: readonly string[]): unknown {
  const document = parseInput(text);
  const field = member(document, "network");
  const network = readNetwork(field);
  const surroundings = readSurroundings(document, links);
  if (surroundings.names.includes(network.name)) throw refusal(`network "${network.name}" exists already`);
  const complete = network.driver === "bridge" ? withBridge(network, surroundings) : withParent(network);
  const subnets = complete.subnets.map((subnet) => withGateway(complete, subnet));
  refuseOverlaps(subnets, isManaged(complete) && surroundings.checks ? surroundings.subnets : []);
  const result = { ...complete, subnets };
  // For its errors.
  networkSpec(result);
  const { network_interface, dns_enabled, ipam_options } = result;
  return {
    ...(field.value as object),
    ...(network_interface === undefined ? {} : { network_interface }),
    ...{ dns_enabled, ipam_options, subnets: mergeSubnets(field, subnets) },
    ipv6_enabled: subnets.some(({ subnet }) => familyOf(subnet) === 6),
    created: new Date().toISOString(),
  };
}

function readSurroundings(document: Field, hostLinks: readonly string[]): Surroundings {
  const used = member(document, "used");
  const options = member(document, "options");
  const links = optional(member(used, "interfaces"), (list) => readList(list, readText)) ?? [];
  const names = optional(member(used, "names"), (map) => readEntries(map, readText)) ?? [];
  return {
    interfaces: [...links, ...hostLinks],
    names: names.map(([name]) => name),
    subnets: optional(member(used, "subnets"), (list) => readList(list, readCidr)) ?? [],
    pools: optional(member(options, "subnet_pools"), (list) => readList(list, readPool)) ?? [],
    prefix: optional(member(options, "default_interface_name"), readText) ?? "podman",
    checks: readFlag(member(options, "check_used_subnets")),
  };
}

function readPool(field: Field): SubnetPool {
  return { base: readCidr(member(field, "base")), size: readInteger(member(field, "size"), 1, 128) };
}

/** A bridge of somebody else's has a name and subnets that are in use. */
function isManaged({ options }: PodmanNetwork): boolean {
  return options.mode !== "unmanaged";
}

function withBridge(network: PodmanNetwork, surroundings: Surroundings): PodmanNetwork {
  const { interfaces, names, prefix } = surroundings;
  const { network_interface: given } = network;
  if (given !== undefined && isManaged(network) && interfaces.includes(given)) {
    throw refusal(`the bridge ${given} of network "${network.name}" exists already`);
  }
  const families = network.subnets.map(({ subnet }) => familyOf(subnet));
  const isDual = network.ipv6_enabled;
  const needs4 = families.length === 0 || (isDual && !families.includes(4));
  const needs6 = isDual && !families.includes(6);
  return {
    ...network,
    network_interface: given ?? freeName(prefix, [...interfaces, ...names]),
    subnets: [
      ...network.subnets,
      ...(needs4 ? [{ subnet: requireFree(surroundings) }] : []),
      ...(needs6 ? [{ subnet: randomSubnet6() }] : []),
    ],
    ipam_options: { driver: "host-local", ...network.ipam_options },
  };
}

function freeName(prefix: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    if (!taken.includes(`${prefix}${number}`)) return `${prefix}${number}`;
  }
}

function requireFree({ pools, subnets }: Surroundings): string {
  const free = freeSubnet(pools, subnets);
  if (free !== undefined) return free;
  throw refusal(
    `no subnet of ${pools.map(({ base, size }) => `${base} (by /${size})`).join(", ") || "no pool"} is free`,
  );
}

/** Names do not work there: no address of the host's is on the network. */
function withParent(network: PodmanNetwork): PodmanNetwork {
  const driver = network.subnets.length === 0 ? "dhcp" : "host-local";
  return { ...network, dns_enabled: false, ipam_options: { driver, ...network.ipam_options } };
}

function withGateway(network: PodmanNetwork, { subnet, gateway }: PodmanSubnet): PodmanSubnet {
  const range = ipaddr.parseCIDR(subnet);
  if (gateway === undefined) {
    return network.internal && !network.dns_enabled ? { subnet } : { subnet, gateway: firstAddress(range) };
  }
  if (ipaddr.isValid(gateway) && overlap(range, [ipaddr.parse(gateway), 128])) return { subnet, gateway };
  throw refusal(`gateway ${gateway} is not in subnet ${subnet}`);
}

function firstAddress([address, prefix]: ReturnType<typeof ipaddr.parseCIDR>): string {
  const cidr = `${address}/${prefix}`;
  const network =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  const bytes = network.toByteArray();
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) | 1;
  return ipaddr.fromByteArray(bytes).toString();
}

function refuseOverlaps(subnets: readonly PodmanSubnet[], used: readonly string[]): void {
  for (const [at, { subnet }] of subnets.entries()) {
    const others = [...subnets.slice(0, at).map((other) => other.subnet), ...used];
    const other = others.find((one) => overlap(ipaddr.parseCIDR(one), ipaddr.parseCIDR(subnet)));
    if (other !== undefined) throw refusal(`subnet ${subnet} overlaps ${other}, which is in use`);
  }
}

/** What else podman says of a subnet stays. */
function mergeSubnets(field: Field, subnets: readonly PodmanSubnet[]): readonly object[] {
  const given = optional(member(field, "subnets"), (list) => readList(list, ({ value }) => value as object)) ?? [];
  return subnets.map((subnet, at) => ({ ...given[at], ...subnet }));
}

function refusal(what: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NETAVARK_NETWORK_INVALID",
    message: `the network cannot be made: ${what}`,
    details: {},
  });
}
