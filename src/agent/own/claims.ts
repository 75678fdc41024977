import { isAddress } from "../../cluster/records/values.js";
import type { HostRecord, Membership } from "../../contracts/index.js";
import { type Address, readAddress } from "../../ipam/address.js";
import { holds, readCidr } from "../../ipam/cidr.js";
import { placesOf } from "../records/record-places.js";
import type { OfferInput } from "./offer-input.js";

/** What one host alone has. */
export interface Claim {
  readonly key: string;
  readonly value: string;
  /** In words. */
  readonly what: string;
}

interface Seen {
  readonly key: string;
  /** Revision of its last write. */
  readonly modified: number;
}

/** All that this host claims, for one network and in it, beside its own record. */
export function claimsOf({ keys, membership, local, lost }: OfferInput): readonly Claim[] {
  const { id, name, cluster } = local.network;
  const own = JSON.stringify(membership.host);
  const network =
    lost?.network === undefined ? [] : [{ key: keys.network(name), value: lost.network, what: `the name ${name}` }];
  return [
    { key: keys.address(membership.address), value: own, what: `the address ${membership.address} of this host` },
    { key: keys.vni(cluster.vni), value: JSON.stringify(name), what: `VNI ${cluster.vni} of network "${name}"` },
    ...network,
    ...cluster.blocks.map((block) => ({
      key: keys.block(id, block),
      value: own,
      what: `block ${block} of network "${name}"`,
    })),
    ...heldBy(local).map((address) => ({
      key: keys.held(id, address),
      value: own,
      what: `address ${address} of network "${name}"`,
    })),
  ];
}

/**
 * Addresses that this host is said to hold although nothing here accounts for them: what was written from a state that is past, or came
 * back with a backup. Each goes only as it was seen: a command may claim it at this moment.
 */
export function goneClaims({ keys, records, membership, local }: OfferInput): readonly Seen[] {
  const { id } = local.network;
  const own = JSON.stringify(membership.host);
  const accounted = new Set([...local.noted, ...local.endpoints.flatMap(({ addresses }) => addresses)]);
  return [...records.below(placesOf(keys, local.network).held)]
    .filter(([address, { value }]) => value === own && isAddress(address) && !accounted.has(address))
    .map(([address, { modified }]) => ({ key: keys.held(id, address), modified }));
}

/** The record of this host as it was written when it joined. */
export function hostText({ address, epoch, joined }: Membership, version: string): string {
  return JSON.stringify({ address, version, epoch, joined } satisfies HostRecord);
}

/** Addresses of its endpoints that are in none of its blocks. */
function heldBy({ network, endpoints }: OfferInput["local"]): readonly string[] {
  const blocks = network.cluster.blocks.flatMap((block) => readCidr(block)?.cidr ?? []);
  const isInBlock = (address: string) => blocks.some((block) => holds(block, readAddress(address) as Address));
  return endpoints.flatMap(({ addresses }) => addresses.filter((address) => !isInBlock(address)));
}
