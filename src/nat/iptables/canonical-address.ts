import ipaddr from "ipaddr.js";

/** One spelling for each address (RFC 5952), so that texts can be compared. */
export function canonicalAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
}

/** The network that a CIDR names, without host bits; a single address where the prefix is of full length. */
export function canonicalCidr(cidr: string): string {
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
    return ports === "" ? canonicalAddress(address) : `[${canonicalAddress(address)}]${ports}`;
  }
  return canonicalAddress(destination);
}
