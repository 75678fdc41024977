import ipaddr from "ipaddr.js";
import { readIPv4 } from "../api/ipv4.js";

/** In network order. Throws for what is no address. */
export function addressBytes(address: string): readonly number[] {
  return readIPv4(address) ?? ipaddr.parse(address).toByteArray();
}
