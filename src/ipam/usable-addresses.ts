import type { Address } from "./address.js";
import { type Cidr, holds, type Interval } from "./cidr.js";

/**
 * The addresses that an interface can have: not the first, which is the network itself (IPv4) or any of its routers
 * (IPv6, RFC 4291 §2.6.1), and not the last of IPv4, which is everyone (RFC 919).
 */
export function usableAddresses({ family, first, last }: Cidr): Interval {
  return { first: first + 1n, last: family === 4 ? last - 1n : last };
}

/** What `address` is to a subnet in which no interface can have it, in words that "subnet …" follows. */
export function explainUnusable(cidr: Cidr, address: Address): string | undefined {
  if (!holds(cidr, address)) return "outside";
  if (address.value === cidr.first) return cidr.family === 4 ? "the network address of" : "the routers' address of";
  if (address.value === cidr.last && cidr.family === 4) return "the broadcast address of";
  return undefined;
}
