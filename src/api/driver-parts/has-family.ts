import type { Family } from "../address-family.js";
import { familyOf } from "../address-family.js";
import type { Network } from "../network.js";

/** Whether a network has a subnet of the family. */
export function hasFamily({ subnets }: Pick<Network, "subnets">, family: Family): boolean {
  return subnets.some(({ cidr }) => familyOf(cidr) === family);
}
