import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Without zone, which names a link of one machine. */
export function isAddress(text: string, family?: 4 | 6): boolean {
  const found = text.includes("%") ? 0 : isIP(text);
  return family === undefined ? found !== 0 : found === family;
}

export function isCidr(text: string): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  const longest = address.includes(":") ? 128 : 32;
  return rest.length === 0 && isAddress(address) && /^\d{1,3}$/.test(length) && Number(length) <= longest;
}

/** Of one station: neither a group's nor all zero (IEEE 802, RFC 7042). */
export function isHardwareAddress(text: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) && !/^.[13579bdf]|^(00:){5}00$/i.test(text);
}

/** The network of a CIDR, host bits clear. */
export function networkOf(cidr: string): string {
  const [address, length] = ipaddr.parseCIDR(cidr);
  const isFour = address.kind() === "ipv4";
  const network = isFour ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${network.kind() === "ipv4" ? network.toString() : (network as ipaddr.IPv6).toRFC5952String()}/${length}`;
}

export function contains(cidr: string, address: string): boolean {
  const [network, length] = ipaddr.parseCIDR(cidr);
  const found = ipaddr.parse(address);
  return network.kind() === found.kind() && found.match(network, length);
}

export function overlap(one: string, other: string): boolean {
  return contains(one, bare(other)) || contains(other, bare(one));
}

export function bare(cidr: string): string {
  return cidr.slice(0, cidr.indexOf("/"));
}
