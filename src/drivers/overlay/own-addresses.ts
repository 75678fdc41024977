import { type Address, familyOf, hostAddress, isWithin, type Network, type Subnet } from "../../api/index.js";
import { linkLocalOf } from "../switched/endpoint-guard.js";
import type { OverlaySettings } from "./overlay-settings.js";

/** This host's in a subnet, without prefix length; undefined where it has no block there. */
export function ownAddress({ place }: OverlaySettings, subnet: Pick<Subnet, "cidr" | "gateway">): string | undefined {
  return hostAddress(place.blocks, subnet);
}

/** On `link`, each alone: what is beside it in the subnet is not behind that link. */
export function ownAddresses(network: Network, settings: OverlaySettings, link: string): readonly Address[] {
  return ownAddressesIn(network, settings).map((address) => ({ kind: "address", link, address: single(address) }));
}

/** Without prefix length. */
export function ownAddressesIn({ subnets }: Pick<Network, "subnets">, settings: OverlaySettings): readonly string[] {
  return subnets.flatMap((subnet) => ownAddress(settings, subnet) ?? []);
}

/** Of a host's end of the tunnel within what encrypts; by the MAC address of that end, which is that host's alone. */
export function innerAddress(mac: string): string {
  return linkLocalOf(mac);
}

/** The address as a CIDR of its own. */
export function single(address: string): string {
  return `${address}/${familyOf(address) === 4 ? 32 : 128}`;
}

/** Those that none of the blocks holds. */
export function outside(addresses: readonly string[], blocks: readonly string[]): readonly string[] {
  return addresses.filter((address) => !blocks.some((block) => isWithin(address, block)));
}
