import { familyOf } from "../../api/address-family.js";
import type {
  AttachedEndpoint,
  ConfiguredNetwork,
  Container,
  ContainerDetails,
  ContainerMount,
  ImageConfig,
  Network,
} from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { mountResources } from "../plan/container-files.js";
import { requestsOf } from "../requests/container-requests.js";
import { isMode } from "../requests/network-mode.js";
import { asSeen } from "../rows/active-container.js";

type DetailsParts = Pick<Parts, "store" | "drivers" | "processes" | "paths" | "layerDirectory">;

/** Containers with what rows of other tables say of them; what several share is read once. */
export function containerDetails(parts: DetailsParts, rows: readonly ContainerRow[]): readonly ContainerDetails[] {
  const imageOf = once((id): ImageConfig | undefined => parts.store.images.get(id)?.config);
  const networkOf = once((id): Network | undefined => parts.store.networks.get(id)?.network);
  const networks = lazily(() => parts.store.networks.list().map(({ network }) => network));
  return rows.map((row) => {
    const container = asSeen(parts.processes, row);
    const image = container.imageId === undefined ? undefined : imageOf(container.imageId);
    const endpoints = attachedEndpoints(parts, networkOf, container.id);
    const netns = container.sandbox?.netns;
    const overlay = mountResources(parts, container).find((mount) => mount.kind === "overlay");
    return {
      container,
      endpoints,
      mounts: mountsOf(parts, row),
      configured: container.sandbox === undefined ? configuredNetworks(parts, container, networks) : [],
      ...(image === undefined ? {} : { image }),
      ...(netns === undefined ? {} : { netns }),
      logPath: `${parts.paths.root}/logs/${container.id}.log`,
      ...(overlay === undefined ? {} : { overlay }),
    };
  });
}

/** A container with what its checks have said in full: its row has the status alone. */
export function withHealth({ health }: Pick<Parts, "health">, row: ContainerRow): ContainerRow {
  const { status, healthCheck, startedAt = "" } = row.container;
  const said = status === "running" && healthCheck !== undefined ? health(row.id, startedAt) : undefined;
  return said === undefined ? row : { ...row, container: { ...row.container, health: said } };
}

function lazily<T>(read: () => T): () => T {
  const known = once(read);
  return () => known("");
}

function mountsOf({ store }: DetailsParts, row: ContainerRow): readonly ContainerMount[] {
  return requestsOf(row).mounts.map(({ type, source, target, readOnly, propagation, subpath }) => {
    const common = { type, target, readOnly };
    if (type === "tmpfs") return common;
    if (type === "bind") return { ...common, source: source ?? "", propagation: propagation ?? "rprivate" };
    const { mountpoint = "" } = store.volumes.named(source ?? "")?.volume ?? {};
    return { ...common, name: source ?? "", source: subpath === undefined ? mountpoint : `${mountpoint}/${subpath}` };
  });
}

/** `read`, which is asked once for each key. */
function once<T>(read: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, read(key));
    return known.get(key) as T;
  };
}

function attachedEndpoints(
  { store }: DetailsParts,
  networkOf: (id: string) => Network | undefined,
  containerId: string,
): readonly AttachedEndpoint[] {
  return store.endpoints.ofContainer(containerId).map(({ endpoint }) => {
    const network = networkOf(endpoint.networkId);
    return { endpoint, network: network?.name ?? endpoint.networkId, ...gateways(network) };
  });
}

function gateways(network: Network | undefined): Pick<AttachedEndpoint, "gateway" | "gateway6"> {
  const all = (network?.subnets ?? []).map(({ gateway }) => gateway);
  const gateway = all.find((address) => familyOf(address) === 4);
  const gateway6 = all.find((address) => familyOf(address) === 6);
  return { ...(gateway === undefined ? {} : { gateway }), ...(gateway6 === undefined ? {} : { gateway6 }) };
}

/** The networks a container will be on at its next start, as far as it names any. One that is gone keeps the word for it. */
function configuredNetworks(
  { drivers }: DetailsParts,
  { spec }: Container,
  all: () => readonly Network[],
): readonly ConfiguredNetwork[] {
  const requested = (spec.networks ?? []).filter(({ network }) => !isMode(drivers, network));
  if (requested.length === 0) return [];
  const networks = all();
  return requested.map((attachment) => {
    const { network: ref } = attachment;
    const found = networks.find(({ name }) => name === ref) ?? networks.find(({ id }) => id.startsWith(ref));
    return { network: found?.name ?? ref, networkId: found?.id ?? "", attachment };
  });
}
