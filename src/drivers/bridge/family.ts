import { type Family, familyOf } from "../../api/address-family.js";
import type { Network } from "../../api/index.js";

export function hasFamily({ subnets }: Pick<Network, "subnets">, family: Family): boolean {
  return subnets.some(({ cidr }) => familyOf(cidr) === family);
}
