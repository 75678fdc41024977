import type { EndpointPeer, MapStack } from "../../api/index.js";
import type { EndpointCount } from "../../contracts/index.js";

/** Of a network that spans hosts, what is on other hosts. */
export interface NetworkElsewhere {
  readonly networkId: string;
  /** By the names of hosts. */
  readonly counts: readonly EndpointCount[];
  /** All of them, or none where there are more than {@link MOST_ENDPOINTS}. */
  readonly endpoints: readonly EndpointPeer[];
}

/** A picture with more than these of one network shows nothing but their number. */
export const MOST_ENDPOINTS = 32;
const MOST_HOSTS = 16;

/** An endpoint each where there are few, else a host each, and the rest of many hosts together: by host, then by name. */
export function stacksElsewhere(networks: readonly NetworkElsewhere[]): readonly MapStack[] {
  return [...named(networks.flatMap(({ endpoints }) => endpoints)), ...networks.flatMap(counted)];
}

/** A container has an endpoint on each of its networks. */
function named(endpoints: readonly EndpointPeer[]): readonly MapStack[] {
  const containers = Map.groupBy(endpoints, ({ id, host, names }) => `${host} ${names[0] ?? id}`);
  return [...containers]
    .sort(([a], [b]) => Number(a > b) - Number(a < b))
    .flatMap(([key, [first, ...others]]): readonly MapStack[] => {
      if (first === undefined) return [];
      const [name] = first.names;
      const attachments = [first, ...others].map(({ networkId, addresses }) => ({ networkId, addresses, ports: [] }));
      const elsewhere = { host: first.host, hosts: 1, endpoints: 1, ...(name === undefined ? {} : { name }) };
      return [{ id: `elsewhere ${key}`, elsewhere, containers: [], attachments, drifts: [] }];
    });
}

function counted({ networkId, counts, endpoints }: NetworkElsewhere): readonly MapStack[] {
  if (endpoints.length > 0) return [];
  const single = counts.length > MOST_HOSTS ? counts.slice(0, MOST_HOSTS - 1) : counts;
  const rest = counts.slice(single.length);
  const total = rest.reduce((sum, one) => sum + one.endpoints, 0);
  return [
    ...single.map((one) => ({ ...one, hosts: 1 })),
    ...(rest.length === 0 ? [] : [{ hosts: rest.length, endpoints: total }]),
  ].map((elsewhere) => ({
    id: `elsewhere ${networkId} ${"host" in elsewhere ? elsewhere.host : ""}`,
    ...{ elsewhere, containers: [], attachments: [{ networkId, addresses: [], ports: [] }], drifts: [] },
  }));
}
