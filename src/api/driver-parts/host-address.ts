import ipaddr from "ipaddr.js";
import type { Subnet } from "../network.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses that may be no host's: the subnet's first, and the gateway's. */
const PASSED_OVER = 2;

/**
 * The address that a host itself has in a subnet that spans hosts, by which others send it what is for its blocks: the first of
 * its first block there. The subnet's own first address belongs to all routers (RFC 4291 §2.6.1) and was once a broadcast (RFC
 * 1122 §3.2.1.3), and the gateway's is on each host, so these two are passed over. Undefined for a host that has no block there, or
 * none with room for the address. No container may have it.
 */
export function hostAddress(blocks: readonly string[], subnet: Pick<Subnet, "cidr" | "gateway">): string | undefined {
  const block = blocks.find((one) => isWithin(one, subnet.cidr));
  if (block === undefined) return undefined;
  const [network] = ipaddr.parseCIDR(subnet.cidr);
  const passedOver = [network, ipaddr.parse(subnet.gateway)].map((address) => address.toNormalizedString());
  const [first] = ipaddr.parseCIDR(block);
  const candidates = Array.from({ length: PASSED_OVER + 1 }, (_, offset) => later(first, offset));
  const found = candidates.find((address) => !passedOver.includes(address.toNormalizedString()));
  return found !== undefined && contains(block, found) ? found.toString() : undefined;
}

/** Whether a CIDR or an address is within a CIDR. */
export function isWithin(inner: string, outer: string): boolean {
  const [address, length] = inner.includes("/") ? ipaddr.parseCIDR(inner) : [ipaddr.parse(inner), 128];
  return length >= ipaddr.parseCIDR(outer)[1] && contains(outer, address);
}

function contains(cidr: string, address: Address): boolean {
  const range = ipaddr.parseCIDR(cidr);
  return range[0].kind() === address.kind() && address.match(range as [ipaddr.IPv4, number] & [ipaddr.IPv6, number]);
}

/** Blocks begin at a multiple of their size, of 4 at least, so that only the last octet changes. */
function later(address: Address, offset: number): Address {
  const octets = address.toByteArray();
  octets.push((octets.pop() ?? 0) + offset);
  return ipaddr.fromByteArray(octets);
}
