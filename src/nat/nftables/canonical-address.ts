import ipaddr from "ipaddr.js";

/** One spelling for each address (RFC 5952), so that texts can be compared. */
export function canonicalAddress(address: string): string {
  return ipaddr.parse(address).toString();
}
