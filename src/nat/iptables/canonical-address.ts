import ipaddr from "ipaddr.js";
import { canonicalAddress, withoutDots } from "../canonical-address.js";

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
