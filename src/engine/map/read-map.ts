import type { ContainerDetails, HostDrift, HostMap } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { hostMap } from "./host-map.js";
import { MOST_ENDPOINTS, type NetworkElsewhere } from "./stacks-elsewhere.js";

interface Seen {
  readonly containers: readonly ContainerDetails[];
  readonly drifts: readonly HostDrift[];
}

/** Reads what a {@link HostMap} is made of, beside what other use cases have found. */
export async function readMap({ store, host }: Pick<Parts, "store" | "host">, seen: Seen): Promise<HostMap> {
  const machine = await host();
  const networks = store.networks.list();
  const own = new Set(
    networks.flatMap(({ resources }) => resources.flatMap((one) => (one.kind === "link" ? [one.name] : []))),
  );
  return hostMap({
    ...seen,
    networks,
    endpoints: store.endpoints.list(),
    host: machine.hostname(),
    uplinks: machine.uplinks(own),
    addresses: machine.addresses(),
    elsewhere: networks.flatMap(({ id, network }) => (network.cluster === undefined ? [] : [elsewhere(store, id)])),
  });
}

/** Reads rows only where they are few. */
function elsewhere({ peers }: Pick<Store, "peers">, networkId: string): NetworkElsewhere {
  const counts = peers.endpointCounts(networkId);
  const total = counts.reduce((sum, { endpoints }) => sum + endpoints, 0);
  const rows = total > MOST_ENDPOINTS ? [] : peers.ofNetwork(networkId);
  return {
    networkId,
    counts,
    endpoints: rows.flatMap(({ peer, state }) => (peer.kind === "endpoint" && state !== "deleting" ? [peer] : [])),
  };
}
