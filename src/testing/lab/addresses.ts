/** Addresses of the lab: the host and another machine on one wire. Documentation ranges: RFC 5737, RFC 3849. */
export const addresses = {
  4: { host: "192.0.2.1", outside: "192.0.2.2" },
  6: { host: "2001:db8::1", outside: "2001:db8::2" },
} as const;

/** The host's link towards other machines. */
export const parent = "up0";

/** Subnets of the two networks that the kit makes of one driver, IPv4 first; each gateway is the first address. */
export const subnets = {
  first: ["10.90.0.0/24", "fd00:90::/64"],
  second: ["10.91.0.0/24", "fd00:91::/64"],
} as const;

/** The address of that number in one of {@link subnets}. */
export function hostOf(cidr: string, number: number): string {
  const [base = ""] = cidr.split("/");
  return cidr.includes(":") ? `${base}${number}` : base.replace(/0$/, String(number));
}
