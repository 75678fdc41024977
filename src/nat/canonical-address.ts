import ipaddr from "ipaddr.js";
import { readIPv4 } from "../api/ipv4.js";

/** One spelling for each address (RFC 5952), so that texts can be compared. Throws for what is no address. */
export function canonicalAddress(address: string): string {
  return readIPv4(address) === undefined ? ipaddr.parse(withoutDots(address)).toString() : address;
}

/** The network that a CIDR names, without host bits; a single address where the prefix is of full length. */
export function canonicalCidr(text: string): string {
  const cidr = withoutDots(text);
  if (!ipaddr.isValidCIDR(cidr)) return cidr;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  if (prefix === address.toByteArray().length * 8) return address.toString();
  const network =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${network.toString()}/${prefix}`;
}

/**
 * The kernel's tools write the last 32 bits of `::b4:3` with dots, `::0.180.0.3` (inet_ntop(3)), which ipaddr.js takes for an
 * IPv4 address mapped into IPv6.
 */
export function withoutDots(address: string): string {
  return address.replace(/^::(\d+)\.(\d+)\.(\d+)\.(\d+)/, (_all, ...octets: readonly string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number);
    return `::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}
