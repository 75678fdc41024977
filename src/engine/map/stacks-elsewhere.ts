import type { MapStack } from "../../api/index.js";
import { type ContainerElsewhere, containersElsewhere, type NetworkElsewhere } from "../rows/endpoints-elsewhere.js";

/** A picture shows more hosts than these together. */
const MOST_HOSTS = 16;

/** A container each where they are few, else a host each, and the rest of many hosts together: by host, then by name. */
export function stacksElsewhere(networks: readonly NetworkElsewhere[]): readonly MapStack[] {
  return [...containersElsewhere(networks).map(named), ...networks.flatMap(counted)];
}

function named({ host, name, endpoints }: ContainerElsewhere): MapStack {
  const [first] = endpoints;
  return {
    id: `elsewhere ${host} ${name ?? first?.id}`,
    elsewhere: { host, hosts: 1, endpoints: 1, ...(name === undefined ? {} : { name }) },
    containers: [],
    attachments: endpoints.map(({ networkId, addresses }) => ({ networkId, addresses, ports: [] })),
    drifts: [],
  };
}

function counted({ networkId, counts, endpoints, more }: NetworkElsewhere): readonly MapStack[] {
  if (endpoints.length > 0) return [];
  const single = counts.length + (more?.hosts ?? 0) > MOST_HOSTS ? counts.slice(0, MOST_HOSTS - 1) : counts;
  const rest = counts.slice(single.length);
  const hosts = rest.length + (more?.hosts ?? 0);
  const total = rest.reduce((sum, one) => sum + one.endpoints, more?.endpoints ?? 0);
  const stack = (elsewhere: NonNullable<MapStack["elsewhere"]>): MapStack => ({
    id: `elsewhere ${networkId} ${elsewhere.host ?? ""}`,
    ...{ elsewhere, containers: [], attachments: [{ networkId, addresses: [], ports: [] }], drifts: [] },
  });
  return [
    ...single.map((one) => stack({ ...one, hosts: 1 })),
    ...(hosts === 0 ? [] : [stack({ hosts, endpoints: total })]),
  ];
}
