import type {
  ContainerDetails,
  HostDrift,
  MapAttachment,
  MapContainer,
  MapStack,
  OwnedDrift,
  Unheard,
} from "../../api/index.js";
import type { EndpointRow } from "../../contracts/index.js";

/** Namespaces with the containers in them, containers that do not run, and namespaces that tsd did not make. */
export function mapStacks(
  details: readonly ContainerDetails[],
  endpoints: readonly EndpointRow[],
  drifts: readonly HostDrift[],
): readonly MapStack[] {
  const groups = Map.groupBy(details, ({ container, netns }) => netns ?? container.id);
  const inhabited = [...groups].map(([key, members]) => stackOf(key, inOrder(members), endpoints, drifts));
  const foreign = Map.groupBy(
    endpoints.filter(({ endpoint }) => !groups.has(endpoint.netns)),
    ({ endpoint }) => endpoint.netns,
  );
  const others = [...foreign].map(
    ([netns, rows]): MapStack => ({
      ...{ id: netns, netns, containers: [], attachments: rows.map(attachmentOf) },
      drifts: driftsOf(new Set(rows.map(({ id }) => id)), drifts),
    }),
  );
  return [...inhabited.sort(byName), ...others.sort(byName)];
}

function stackOf(
  key: string,
  members: readonly ContainerDetails[],
  endpoints: readonly EndpointRow[],
  drifts: readonly HostDrift[],
): MapStack {
  const [first] = members;
  const netns = first?.netns;
  const rows = netns === undefined ? [] : endpoints.filter(({ endpoint }) => endpoint.netns === netns);
  const attachments = [
    ...rows.map(attachmentOf),
    ...(netns === undefined ? (first?.configured ?? []) : []).map(configured),
  ];
  const mode = attachments.length > 0 ? undefined : modeOf(first);
  const ids = new Set([...rows.map(({ id }) => id), ...members.map(({ container }) => container.id)]);
  return {
    id: first?.container.id ?? key,
    ...(netns === undefined ? {} : { netns }),
    containers: members.map(containerOf),
    ...(mode === undefined ? {} : { mode }),
    attachments,
    drifts: driftsOf(ids, drifts),
  };
}

/** First the one whose network it is, then by name. */
function inOrder(members: readonly ContainerDetails[]): readonly ContainerDetails[] {
  const isMaker = ({ container }: ContainerDetails): boolean => container.sandbox?.maker === container.id;
  return [...members].sort(
    (a, b) =>
      Number(isMaker(b)) - Number(isMaker(a)) ||
      b.endpoints.length - a.endpoints.length ||
      compare(a.container.name, b.container.name),
  );
}

function containerOf({ container }: ContainerDetails): MapContainer {
  const { id, name, status, paused, startedAt } = container;
  return {
    ...{ id, name, status },
    ...(paused ? { paused } : {}),
    ...(startedAt === undefined || status === "exited" ? {} : { startedAt }),
  };
}

function attachmentOf({ id, endpoint }: EndpointRow): MapAttachment {
  const { networkId, interface: name, addresses, ports, reservesPorts } = endpoint;
  return {
    ...{ networkId, endpointId: id, interface: name, addresses, ports },
    ...(reservesPorts ? { reservesPorts } : {}),
  };
}

/** What a container that does not run will be on. */
function configured({ networkId, attachment }: NonNullable<ContainerDetails["configured"]>[number]): MapAttachment {
  const { address, address6 } = attachment;
  return { networkId, addresses: [address, address6].flatMap((one) => one ?? []), ports: [] };
}

/** What stands in place of networks: the word of its spec for one, `host` or `none`; it may have left the last one since. */
function modeOf(details: ContainerDetails | undefined): string {
  const [first] = details?.container.spec.networks ?? [];
  if (first !== undefined) return first.network;
  return details?.container.sandbox === undefined ? "default network" : "none";
}

function driftsOf(ids: ReadonlySet<string>, drifts: readonly HostDrift[]): readonly (OwnedDrift | Unheard)[] {
  return drifts.filter(
    (drift): drift is OwnedDrift | Unheard => "of" in drift && drift.problem !== "outdated" && ids.has(drift.of.id),
  );
}

function byName(a: MapStack, b: MapStack): number {
  return compare(a.containers[0]?.name ?? a.id, b.containers[0]?.name ?? b.id);
}

/** By code units, which is the same for every locale. */
function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
