import ipaddr from "ipaddr.js";
import { canonicalAddress, withoutDots } from "../canonical-address.js";

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

/** `address[:ports]`, where an IPv6 address stands in brackets if ports follow. */
export function canonicalDestination(destination: string): string {
  const bracketed = /^\[([^\]]+)\](.*)$/.exec(destination);
  if (bracketed !== null) {
    const [, address = "", ports = ""] = bracketed;
    return ports === "" ? canonicalText(address) : `[${canonicalText(address)}]${ports}`;
  }
  return canonicalText(destination);
}

/** A foreign hand may have written what is no address, such as a range. */
export function canonicalText(address: string): string {
  return ipaddr.isValid(withoutDots(address)) ? canonicalAddress(address) : address;
}
