import { familyOf } from "../address-family.js";
import type { Endpoint, Network } from "../network.js";

/** The network as far as an endpoint speaks its families: one may have IPv6 switched off. */
export function spokenBy({ addresses }: Pick<Endpoint, "addresses">, network: Network): Network {
  const families = new Set(addresses.map(familyOf));
  return { ...network, subnets: network.subnets.filter(({ cidr }) => families.has(familyOf(cidr))) };
}
