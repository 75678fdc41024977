import type { Container, ContainerRow, EndpointRow, Image, Owner, RuntimeSpec, Store } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { dataDirectory, keptResources, nameFiles, netnsPath, rootfsPath, runResources } from "./container-files.js";
import { planEndpoint } from "./endpoint-plan.js";
import { type Host, sameOwner } from "./host.js";
import { shortId } from "./identifiers.js";
import type { Parts, Paths } from "./parts.js";
import { parsePort } from "./port-spec.js";
import { parseVolume } from "./volume-spec.js";

type RunPlanParts = Pick<Parts, "store" | "processes" | "ipam" | "drivers" | "paths" | "layerDirectory">;

export interface RunPlan {
  readonly row: ContainerRow;
  readonly endpoints: readonly EndpointRow[];
}

export interface RunRequest {
  readonly ref: string;
  readonly network: string;
  readonly attached: boolean;
}

/** Writes down all that a container will hold while it runs, in the caller's transaction. */
export function planRun(parts: RunPlanParts, host: Host, { ref, network, attached }: RunRequest): RunPlan {
  const { store, processes, paths } = parts;
  const found = store.containers.resolve(ref);
  refuseActive(found.container);
  refuseForeign(found, processes.self());
  const container: Container = { ...found.container, status: "starting", attached };
  const claimed: ContainerRow = { ...found, owner: processes.self(), container };
  store.containers.update(claimed);
  const endpoint = planEndpoint(parts, host, {
    network,
    netns: netnsPath(paths, container.id),
    interface: "eth0",
    gateway: true,
    ports: (container.spec.publish ?? []).map(parsePort),
    containerId: container.id,
  });
  const files = nameFiles(dataDirectory(paths, container.id), {
    hostname: hostname(container),
    addresses: endpoint.endpoint.addresses,
    nameservers: host.nameservers(),
  });
  const resources = [...keptResources(paths, container), ...runResources(parts, container, files)];
  const row: ContainerRow = { ...claimed, resources };
  store.containers.update(row);
  return { row, endpoints: [endpoint] };
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
function refuseForeign({ state, owner, container }: ContainerRow, self: Owner): void {
  if (state === "ready" || sameOwner(owner, self)) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_BUSY",
    message: `container "${container.name}" is being ${state === "creating" ? "created" : "removed"} by process ${owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { container: container.id, state, pid: owner.pid },
  });
}

function hostname({ id, spec }: Container): string {
  return spec.hostname ?? shortId(id);
}

/** The container as its runtime sees it, defaults of image and house applied. */
export function runtimeSpec(paths: Paths, store: Store, container: Container): RuntimeSpec {
  const { id, spec } = container;
  const image: Image | undefined =
    container.imageId === undefined ? undefined : store.images.resolve(container.imageId);
  const data = dataDirectory(paths, id);
  const names = ["hosts", "hostname", "resolv.conf"].map((name) => ({
    source: `${data}/${name}`,
    target: `/etc/${name}`,
    readOnly: false,
  }));
  return {
    id,
    name: container.name,
    rootfs: rootfsPath(paths, container),
    netns: netnsPath(paths, id),
    command: container.command,
    env: mergeEnv(spec.tty === true, hostname(container), image?.config.env ?? [], spec.env ?? []),
    workdir: spec.workdir ?? image?.config.workdir ?? "/",
    hostname: hostname(container),
    user: spec.user ?? image?.config.user ?? "",
    tty: spec.tty ?? false,
    interactive: spec.interactive ?? false,
    ...(spec.memory === undefined ? {} : { memory: spec.memory }),
    ...(spec.cpus === undefined ? {} : { cpus: spec.cpus }),
    ...(spec.cpuset === undefined ? {} : { cpuset: spec.cpuset }),
    binds: [...names, ...(spec.volumes ?? []).map(parseVolume)],
  };
}

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Later lists win, key by key. */
function mergeEnv(tty: boolean, host: string, ...lists: readonly (readonly string[])[]): readonly string[] {
  const defaults = [defaultPath, `HOSTNAME=${host}`, ...(tty ? ["TERM=xterm"] : [])];
  const merged = new Map([defaults, ...lists].flat().map((entry) => [entry.split("=", 1)[0] ?? entry, entry]));
  return [...merged.values()];
}
