import { isIP } from "node:net";
import { familyOf } from "../../api/address-family.js";
import { isWithin } from "../../api/driver-parts/host-address.js";
import type { Network } from "../../api/index.js";
import { isHostname } from "../../contracts/hostname.js";
import type { NamedPeer, Store } from "../../contracts/index.js";
import { canonicalAddress, isReserved, isSingleLabel, namesOfHost } from "./reserved-names.js";

/**
 * Containers of a network on other hosts, as far as their hosts may say what a name means here: a word that is no name of this host,
 * for an address of the network. Names with dots would be those of the world.
 */
export function remoteNames(store: Pick<Store, "peers">, network: Network): readonly NamedPeer[] {
  if (network.cluster === undefined) return [];
  return store.peers.withNames(network.id).flatMap((peer) => sayableOf(network, peer));
}

/** The part of a peer that its host may say; none where nothing is left. */
export function sayableOf(network: Network, peer: NamedPeer): readonly NamedPeer[] {
  const names = peer.names.filter(isSayable);
  const addresses = peer.addresses
    .filter(isAddress)
    .map(canonicalAddress)
    .filter((one) => isOf(network, one));
  return names.length === 0 || addresses.length === 0 ? [] : [{ names, addresses }];
}

export function isSayable(name: string): boolean {
  const lower = name.toLowerCase();
  return isHostname(lower) && isSingleLabel(lower) && !isReserved(lower) && !namesOfHost.has(lower);
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%");
}

/** Whether a container of the network may have it. */
export function isOf({ subnets }: Network, address: string): boolean {
  return subnets.some(
    ({ cidr, gateway }) => familyOf(cidr) === familyOf(address) && isWithin(address, cidr) && address !== gateway,
  );
}
