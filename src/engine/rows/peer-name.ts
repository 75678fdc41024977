import type { Peer } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";

/** What a user calls a peer: `host "b" of network "web"`, `10.5.0.9 on host "b" of network "web"`. */
export function peerName({ networks }: Pick<Store, "networks">, peer: Peer): string {
  const place = `host "${peer.host}" of network "${networks.get(peer.networkId)?.network.name ?? peer.networkId}"`;
  if (peer.kind === "host") return place;
  return `${peer.addresses[0] ?? peer.names[0] ?? peer.mac} on ${place}`;
}
