import type { EndpointPeer } from "../../api/index.js";
import type { Elsewhere, EndpointCount, FoundElsewhere, NetworkRow, Store } from "../../contracts/index.js";
import { isStretched } from "./is-stretched.js";

/** What a network that spans hosts has on other hosts. */
export interface NetworkElsewhere {
  readonly networkId: string;
  /** Hosts that have endpoints, by name. */
  readonly counts: readonly EndpointCount[];
  /** Endpoints beyond those, on so many hosts at most, which are not read. */
  readonly more?: { readonly hosts: number; readonly endpoints: number };
  /** The endpoints, or none where there are more than a picture or a table names. */
  readonly endpoints: readonly EndpointPeer[];
}

/** Of one network. A picture or a table of more shows their number. */
const MOST_NAMED = 32;
/** Of one network, whose hosts are shown with their numbers. */
const MOST_COUNTED = 10_000;
const NONE: FoundElsewhere = { endpoints: [], total: 0 };

/** Of those of the networks that span hosts: of rows, and of what other hosts say when they are asked. Reads rows only where they are few. */
export async function endpointsElsewhere(
  { store: { peers }, elsewhere }: { readonly store: Pick<Store, "peers">; readonly elsewhere: Elsewhere },
  networks: readonly NetworkRow[],
): Promise<readonly NetworkElsewhere[]> {
  const spanning = networks.filter(({ network }) => network.cluster !== undefined);
  return await Promise.all(
    spanning.map(async (network): Promise<NetworkElsewhere> => {
      const { id: networkId } = network;
      // What cannot be had is not shown: tsd check says why.
      const asked = isStretched(network)
        ? NONE
        : await elsewhere.find(networkId, { first: MOST_COUNTED }).catch(() => NONE);
      const counts = sumOf([...peers.endpointCounts(networkId), ...countsOf(asked.endpoints)]);
      const rest = Math.max(0, asked.total - MOST_COUNTED);
      const total = counts.reduce((sum, { endpoints }) => sum + endpoints, rest);
      const rows = total > MOST_NAMED ? [] : peers.ofNetwork(networkId).filter(({ state }) => state !== "deleting");
      const followed = rows.flatMap(({ peer }) => (peer.kind === "endpoint" ? [peer] : []));
      return {
        ...{ networkId, counts, endpoints: total > MOST_NAMED ? [] : [...followed, ...asked.endpoints] },
        ...(rest === 0
          ? {}
          : { more: { hosts: Math.max(1, peers.hostCount(networkId) - counts.length), endpoints: rest } }),
      };
    }),
  );
}

function countsOf(endpoints: readonly EndpointPeer[]): readonly EndpointCount[] {
  return [...Map.groupBy(endpoints, ({ host }) => host)].map(([host, own]) => ({ host, endpoints: own.length }));
}

function sumOf(counts: readonly EndpointCount[]): readonly EndpointCount[] {
  return [...Map.groupBy(counts, ({ host }) => host)]
    .map(([host, own]) => ({ host, endpoints: own.reduce((sum, { endpoints }) => sum + endpoints, 0) }))
    .sort((a, b) => Number(a.host > b.host) - Number(a.host < b.host));
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
