import type { NetworkRecord } from "../../contracts/index.js";
import { addressBits } from "../../ipam/address.js";
import { formatCidr, readCidr } from "../../ipam/cidr.js";

/**
 * The free block of a subnet that comes after `skip` other free ones. The subnet's first block is the last to be chosen: its first
 * address is the network's own. Undefined where fewer are free.
 */
export function chooseBlock(
  { cidr, blockPrefix }: NetworkRecord["subnets"][number],
  taken: { has(block: string): boolean },
  skip = 0,
): string | undefined {
  const subnet = readCidr(cidr)?.cidr;
  if (subnet === undefined) return undefined;
  const size = 1n << BigInt(addressBits[subnet.family] - blockPrefix);
  const count = (subnet.last - subnet.first + 1n) / size;
  let left = skip;
  for (let at = 1n; at <= count; at++) {
    const first = subnet.first + (at % count) * size;
    const block = formatCidr({ family: subnet.family, prefix: blockPrefix, first, last: first + size - 1n });
    if (!taken.has(block) && left-- === 0) return block;
  }
  return undefined;
}
