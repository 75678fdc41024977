import ipaddr from "ipaddr.js";

export function isIPv4(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value);
}

/** Without zone, and no second name for an IPv4 address. */
export function isIPv6(value: string): boolean {
  return ipaddr.IPv6.isValid(value) && !value.includes("%") && !ipaddr.IPv6.parse(value).isIPv4MappedAddress();
}
