import type { EndpointPeer } from "../../api/index.js";
import type { EndpointCount, NetworkRow, Store } from "../../contracts/index.js";

/** What a network that spans hosts has on other hosts. */
export interface NetworkElsewhere {
  readonly networkId: string;
  /** Hosts that have endpoints, by name. */
  readonly counts: readonly EndpointCount[];
  /** The endpoints, or none where there are more than a picture or a table names. */
  readonly endpoints: readonly EndpointPeer[];
}

/** Of one network. A picture or a table of more shows their number. */
const MOST_NAMED = 32;

/** Of those of the networks that span hosts. Reads rows only where they are few. */
export function endpointsElsewhere(
  { peers }: Pick<Store, "peers">,
  networks: readonly NetworkRow[],
): readonly NetworkElsewhere[] {
  const spanning = networks.filter(({ network }) => network.cluster !== undefined);
  return spanning.map(({ id: networkId }) => {
    const counts = peers.endpointCounts(networkId);
    const total = counts.reduce((sum, { endpoints }) => sum + endpoints, 0);
    const rows = total > MOST_NAMED ? [] : peers.ofNetwork(networkId).filter(({ state }) => state !== "deleting");
    return { networkId, counts, endpoints: rows.flatMap(({ peer }) => (peer.kind === "endpoint" ? [peer] : [])) };
  });
}

/** One on several networks has an endpoint on each. */
export interface ContainerElsewhere {
  readonly host: string;
  /** Absent for one that containers know by no name. */
  readonly name?: string;
  readonly endpoints: readonly EndpointPeer[];
}

/** By host, then by name. */
export function containersElsewhere(networks: readonly NetworkElsewhere[]): readonly ContainerElsewhere[] {
  const endpoints = networks.flatMap((one) => one.endpoints);
  return [...Map.groupBy(endpoints, ({ id, host, names }) => `${host} ${names[0] ?? id}`)]
    .sort(([a], [b]) => Number(a > b) - Number(a < b))
    .flatMap(([, own]) => {
      const [
        {
          host,
          names: [name],
        } = { host: "", names: [] },
      ] = own;
      return [{ host, ...(name === undefined ? {} : { name }), endpoints: own }];
    });
}
