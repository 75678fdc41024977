import type { Container, ContainerSpec } from "../../api/index.js";
import type { Confinement, ContainerRow, NamespaceSource, Processes, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { isShareable, namespaceMode, type SharedKind, sharedKinds } from "../requests/namespace-words.js";
import { asSeen } from "../rows/active-container.js";

interface Known {
  readonly store: Pick<Store, "containers">;
  readonly processes: Processes;
}

/** Throws for a container that is to be shared and does not exist, and where containers would wait for each other. */
export function checkShared(store: Known["store"], spec: ContainerSpec): void {
  for (const kind of sharedKinds) {
    const mode = namespaceMode(kind, spec[kind]);
    if (mode.place !== "container") continue;
    if (spec.name !== undefined) refuseCircle(store, kind, spec.name, mode.ref);
    const { container } = store.containers.resolve(mode.ref);
    if (kind === "ipc" && !isShareable(container.spec)) throw notShareable(container);
  }
}

/** Where the namespaces of a container come from that is about to start. Throws `conflict` for one of a container that does not run. */
export function sharedNamespaces(known: Known, { container }: ContainerRow): Pick<Confinement, SharedKind> {
  const of = (kind: SharedKind): NamespaceSource => sourceOf(known, kind, container);
  return { pid: of("pid"), ipc: of("ipc"), uts: of("uts") };
}

function sourceOf({ store, processes }: Known, kind: SharedKind, container: Container): NamespaceSource {
  const mode = namespaceMode(kind, container.spec[kind]);
  if (mode.place !== "container") return mode.place;
  refuseCircle(store, kind, container.name, mode.ref);
  const target = store.containers.resolve(mode.ref);
  const { name, status, pid, pidStart } = asSeen(processes, target);
  if (status === "running" && pid !== undefined && pidStart !== undefined) return { pid, start: pidStart, name };
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_NOT_RUNNING",
    message: `container "${name}", whose ${kind} namespace is to be shared, is not running, but ${status}`,
    hint: `Start it first: tsd start ${name}`,
    details: { container: target.id, status },
  });
}

/** Follows whose namespace each has: a circle could never start, since each needs another that runs. */
function refuseCircle(store: Known["store"], kind: SharedKind, own: string, ref: string): void {
  const way = [own];
  for (let next: string | undefined = ref; next !== undefined; ) {
    const container = find(store, next);
    const name = container?.name ?? next;
    if (name === own) throw circle(kind, [...way, name]);
    if (way.includes(name)) return;
    way.push(name);
    const mode = namespaceMode(kind, container?.spec[kind]);
    next = mode.place === "container" ? mode.ref : undefined;
  }
}

/** Undefined for one that has been removed. */
function find(store: Known["store"], ref: string): Container | undefined {
  try {
    return store.containers.resolve(ref).container;
  } catch (error) {
    if (TsdError.is(error)) return undefined;
    throw error;
  }
}

function circle(kind: SharedKind, way: readonly string[]): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAMESPACE_CIRCLE",
    message: `--${kind} leads in a circle: ${way.map((name) => `"${name}"`).join(" would share that of ")}`,
    hint: "Give one of them a namespace of its own.",
    details: { namespace: kind, containers: way },
  });
}

function notShareable({ name }: Container): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_IPC_NOT_SHAREABLE",
    message: `the ipc namespace of container "${name}" cannot be shared`,
    hint: `Make it with --ipc shareable: tsd run --ipc shareable --name ${name} …`,
    details: { container: name },
  });
}
