import type { Network } from "../../api/index.js";

export type Family = 4 | 6;

/** Tells families of what is known to be an address or a CIDR; node:net's own test takes 5 ms to compile. */
export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

export function hasFamily({ subnets }: Pick<Network, "subnets">, family: Family): boolean {
  return subnets.some(({ cidr }) => familyOf(cidr) === family);
}
