import type { HostPeer } from "../../api/index.js";
import type { Address } from "../../ipam/address.js";
import { type Cidr, cidrAround, formatCidr, holds } from "../../ipam/cidr.js";
import type { Records } from "../records/shared-records.js";
import type { NetworkBounds } from "./network-bounds.js";

/** Whose an address is, by a block or alone. */
export interface AddressClaim {
  /** Name of the host that has it. */
  readonly host: string;
  /** Revision at which it was claimed; 0 for one of this host that the state has lost. */
  readonly created: number;
}

/** Finds the block that holds an address, among those of this host and of `hosts`. One look, however many there are. */
export function claimedBlocks(
  records: Records,
  bounds: NetworkBounds,
  hosts: ReadonlyMap<string, HostPeer>,
): (address: Address) => AddressClaim | undefined {
  const created = (text: string): number => records.get(text.replace("/", "_"))?.created ?? 0;
  const holders = [...hosts.values(), { host: bounds.host, blocks: bounds.ownBlocks.map(formatCidr) }];
  const claimed = new Map<string, AddressClaim>(
    holders.flatMap(({ host, blocks }) => blocks.map((text) => [text, { host, created: created(text) }] as const)),
  );
  const prefixes: readonly (readonly [subnet: Cidr, prefix: number])[] = bounds.subnets.map((one) => [
    one.cidr,
    one.blockPrefix,
  ]);
  return (address) => {
    const prefix = prefixes.find(([subnet]) => holds(subnet, address))?.[1];
    return prefix === undefined ? undefined : claimed.get(formatCidr(cidrAround(address, prefix)));
  };
}
