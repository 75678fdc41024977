import type { EndpointPeer, Peer } from "../../api/index.js";
import type { NetworkRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { peerAt } from "./elsewhere.js";
import type { ElsewhereCaller } from "./journey.js";
import type { Landscape } from "./landscape.js";

/** Endpoints of one container on another host. Empty where none is called so; throws `conflict` for a name on several hosts. */
export function endpointsCalled(land: Landscape, ref: string): readonly EndpointPeer[] {
  const found = land.facts.peers.flatMap(({ peer }) =>
    peer.kind === "endpoint" && peer.names.includes(ref) ? [peer] : [],
  );
  const hosts = [...new Set(found.map(({ host }) => host))];
  if (hosts.length > 1) throw onSeveralHosts(ref, found);
  return found;
}

/** The container of another host that is called so. */
export function callerElsewhere(land: Landscape, ref: string): ElsewhereCaller | undefined {
  const [first] = endpointsCalled(land, ref);
  const network = first && land.network(first.networkId);
  return network && callerOf(first, network, first.addresses);
}

/** The container with an address of a network on another host; undefined where no host is known to have it. */
export function callerWith(land: Landscape, network: NetworkRow, address: string): ElsewhereCaller | undefined {
  const peer = peerAt(land, network.id, address)?.peer;
  return peer && callerOf(peer, network, [address]);
}

function callerOf(peer: Peer, network: NetworkRow, addresses: readonly string[]): ElsewhereCaller {
  const { host } = peer;
  const own = peer.kind === "endpoint" ? peer.names[0] : undefined;
  return {
    kind: "elsewhere",
    name: own === undefined ? `${addresses[0]} on host ${host}` : `container ${own} on host ${host}`,
    ...{ addresses, host, underlay: peer.address, network },
  };
}

function onSeveralHosts(name: string, endpoints: readonly EndpointPeer[]): TsdError {
  const places = endpoints.map(({ host, addresses }) => `${addresses[0]} on host ${host}`);
  return new TsdError({
    kind: "conflict",
    code: "TSD_ALIAS_AMBIGUOUS",
    message: `"${name}" is on several hosts: ${places.join(", ")}`,
    hint: "Give one of the addresses.",
    details: { name, places },
  });
}
