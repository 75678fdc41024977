export const families = [4, 6] as const;
/** The version of IP. */
export type Family = (typeof families)[number];

/** Of an address or a CIDR that is known to be one: only IPv6 has colons. node:net's own test takes 5 ms to compile. */
export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

/** The address of a CIDR; an address itself. */
export function withoutPrefix(cidr: string): string {
  return cidr.split("/", 1)[0] ?? cidr;
}
