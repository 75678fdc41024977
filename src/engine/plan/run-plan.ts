import type { Container, Resource, Sandbox } from "../../api/index.js";
import type { ContainerRow, EndpointRow, Host, Links, Owner, Resolver, Store } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { requireNamespace } from "../host-facts/require-namespace.js";
import { addedHosts } from "../requests/added-hosts.js";
import { requestsOf } from "../requests/container-requests.js";
import { type NetworkMode, networkModeOf } from "../requests/network-mode.js";
import { shortId } from "../rows/identifiers.js";
import { busy } from "../rows/refuse-busy.js";
import { withoutRestarts } from "../rows/restart-policy.js";
import { hostGateways } from "../sandbox/host-gateways.js";
import { requireLinks } from "../sandbox/links.js";
import { fixedHosts, nameFile, nameFiles } from "../sandbox/name-files.js";
import { keeperOf, newSandbox, sandboxIn, sandboxResources, splitSandbox } from "../sandbox/sandbox.js";
import { usesResolver } from "../sandbox/uses-resolver.js";
import { keptResources, mountResources } from "./container-files.js";
import { partResources } from "./host-mounts.js";
import type { Proposed } from "./proposed.js";
import { resolverText } from "./resolver-file.js";
import { planEndpoints } from "./run-endpoints.js";
import { sharedNamespaces } from "./shared-namespaces.js";

type RunPlanParts = Pick<
  Parts,
  "store" | "processes" | "addressBook" | "drivers" | "paths" | "layerDirectory" | "warn"
>;

export interface RunPlan {
  readonly row: ContainerRow;
  /** Those that are to be made. */
  readonly endpoints: readonly EndpointRow[];
}

export interface RunRequest {
  readonly ref: string;
  /** The network of a container that names none. */
  readonly defaultNetwork: string | undefined;
  readonly attached: boolean;
  readonly proposed: Proposed;
}

/** Writes down all that a container will hold while it runs, in the caller's transaction. */
export function planRun(
  parts: RunPlanParts,
  host: Host,
  { ref, defaultNetwork, attached, proposed }: RunRequest,
): RunPlan {
  const { store, processes, drivers } = parts;
  const found = store.containers.resolve(ref);
  refuseActive(found.container);
  refuseForeign(found, processes.self());
  // Throws for a container that is to be shared and does not run.
  sharedNamespaces(parts, found);
  const asked = networkModeOf(drivers, found.container.spec);
  const networkMode = withDefault(asked, found.container, defaultNetwork);
  const attachments = networkMode.namespace === "own" ? networkMode.attachments : [];
  requireLinks(
    store,
    found,
    attachments.map(({ network }) => store.networks.resolve(network).id),
  );
  const keeper = networkMode.namespace === "own" ? livingKeeper(store, found) : undefined;
  if (keeper !== undefined) return { row: comeBack(parts, host, { found, keeper, attached }), endpoints: [] };
  const sandbox = sandboxFor(parts, host, { networkMode, row: found });
  const container: Container = { ...withoutRestarts(found.container), status: "starting", attached, sandbox };
  const claimed: ContainerRow = { ...found, owner: processes.self(), container };
  store.containers.update(claimed);
  const endpoints =
    networkMode.namespace === "own" ? planEndpoints(parts, host, { row: claimed, networkMode, proposed }) : [];
  if (networkMode.namespace !== "own") warnOfPorts(parts, container, networkMode);
  const row = completeRow(parts, host, { row: claimed, networkMode });
  store.containers.update(row);
  return { row, endpoints };
}

/** A container that names no network is on the default one, with the options it gives. */
function withDefault(networkMode: NetworkMode, { spec }: Container, defaultNetwork: string | undefined): NetworkMode {
  const isSilent = spec.networks === undefined || spec.networks.length === 0;
  if (!isSilent || defaultNetwork === undefined || networkMode.namespace !== "own") return networkMode;
  return { namespace: "own", attachments: [{ network: defaultNetwork }] };
}

/** Undefined if the keeper has begun to remove it, since no container was there to take it over. */
function livingKeeper(store: Store, row: ContainerRow): ContainerRow | undefined {
  const keeper = keeperOf(store, row);
  return keeper?.container.status === "stopping" ? undefined : keeper;
}

interface Return extends Pick<RunRequest, "attached"> {
  readonly found: ContainerRow;
  readonly keeper: ContainerRow;
}

/** Gives a container its own network back, with its addresses, ports and names, from the one that kept it alive. */
function comeBack(parts: RunPlanParts, host: Links, { found, keeper, attached }: Return): ContainerRow {
  const { store, processes } = parts;
  const { sandbox, rest } = splitSandbox(keeper);
  const shared = keeper.container.sandbox as Sandbox;
  requireNamespace(host, keeper.container);
  const row: ContainerRow = {
    ...found,
    owner: processes.self(),
    container: { ...withoutRestarts(found.container), status: "starting", attached, sandbox: shared },
    resources: [...ofRun(parts, found), ...sandbox],
  };
  store.containers.update({ ...keeper, resources: rest });
  store.containers.update(row);
  for (const endpoint of store.endpoints.ofContainer(keeper.id)) {
    store.endpoints.update({ ...endpoint, containerId: row.id });
  }
  return row;
}

interface Place {
  readonly networkMode: NetworkMode;
  readonly row: ContainerRow;
}

function sandboxFor(parts: RunPlanParts, host: Resolver & Links, { networkMode, row }: Place): Sandbox {
  const { container } = row;
  const { paths } = parts;
  const { hostname = shortId(container.id), domainname } = container.spec;
  const domain = domainname === undefined ? {} : { domainname };
  switch (networkMode.namespace) {
    case "own":
      return { ...newSandbox(paths, hostname, container.id), ...domain };
    case "host":
      return {
        ...sandboxIn(paths, container.spec.hostname ?? host.hostname()),
        ...domain,
        hosts: [
          ...host.hostsFile().split("\n").filter(Boolean),
          ...addedHosts(requestsOf(row).addHosts, ["127.0.0.1"]),
        ],
      };
    case "container":
      return joinedSandbox(parts, host, networkMode.target);
    case "path":
      // Throws for a path that is none.
      host.namespace(networkMode.target);
      return {
        ...sandboxIn(paths, hostname, networkMode.target),
        ...domain,
        hosts: fixedHosts(row, []),
      };
  }
}

/** That of the container, or what another keeps of it while it does not run. */
function joinedSandbox({ store }: RunPlanParts, host: Links, target: string): Sandbox {
  const row = store.containers.resolve(target);
  const { container } = row;
  const lives = container.status === "running" ? row : livingKeeper(store, row);
  const sandbox = lives?.container.sandbox;
  if (lives !== undefined && sandbox !== undefined) {
    requireNamespace(host, lives.container);
    return sandbox;
  }
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_NOT_RUNNING",
    message: `container "${container.name}", whose network is to be shared, is not running, but ${container.status}`,
    hint: `Start it first: tsd start ${container.name}`,
    details: { container: container.id, status: container.status },
  });
}

/** The row with all its resources, now that its endpoints are known. */
function completeRow(parts: RunPlanParts, host: Resolver, { row, networkMode }: Place): ContainerRow {
  const { store } = parts;
  const { spec } = row.container;
  const sandbox = row.container.sandbox as Sandbox;
  const own = ofRun(parts, row);
  if (networkMode.namespace === "container") return { ...row, resources: own };
  const named: Sandbox =
    networkMode.namespace === "own" ? { ...sandbox, hosts: fixedHosts(row, hostGateways(store, row)) } : sandbox;
  const complete: ContainerRow = { ...row, container: { ...row.container, sandbox: named } };
  const files = [
    nameFile(named, "hosts", named.hosts),
    ...nameFiles(named, resolverText(parts, host, { row: complete, sharesHost: networkMode.namespace === "host" })),
  ];
  const hasResolver = usesResolver(store, complete);
  const made = networkMode.namespace === "own" ? { sysctls: spec.sysctls, hasResolver } : undefined;
  const resources: readonly Resource[] = [...own, ...sandboxResources(named, files, made)];
  return { ...complete, resources };
}

/** What is the container's own while it runs, whichever network it is on. */
function ofRun({ paths, store, layerDirectory }: RunPlanParts, row: ContainerRow): readonly Resource[] {
  const { id, spec, healthCheck } = row.container;
  return [
    ...keptResources(paths, row.container),
    ...mountResources({ paths, layerDirectory }, row.container),
    ...partResources(paths, store, row),
    ...(healthCheck === undefined ? [] : [{ kind: "health", container: id } as const]),
    ...((spec.log?.maxFiles ?? 1) > 1 ? [{ kind: "rotation", container: id } as const] : []),
  ];
}

function warnOfPorts({ warn }: RunPlanParts, { name, spec }: Container, { namespace }: NetworkMode): void {
  if (namespace === "container" || ((spec.publish ?? []).length === 0 && !spec.publishAll)) return;
  warn(
    namespace === "host"
      ? `container "${name}" shares the host's network, so that its ports are the host's already and none is published`
      : `container "${name}" is on no network of tsd's, so that none of its ports is published`,
  );
}

function refuseActive({ name, status }: Container): void {
  if (status === "created" || status === "exited") return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_ACTIVE",
    message: `container "${name}" is ${status} already`,
    hint: `Stop it first: tsd stop ${name}`,
    details: { name, status },
  });
}

/** A container that another command makes or removes at this moment. */
function refuseForeign(row: ContainerRow, self: Owner): void {
  if (row.state === "ready" || sameOwner(row.owner, self)) return;
  throw busy(row, { noun: "container", called: `container "${row.container.name}"` });
}
