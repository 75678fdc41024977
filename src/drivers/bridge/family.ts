import { type Family, familyOf, type Network } from "../../api/index.js";

export function hasFamily({ subnets }: Pick<Network, "subnets">, family: Family): boolean {
  return subnets.some(({ cidr }) => familyOf(cidr) === family);
}
