import type { ContainerRow, MountRequest, Processes, Store, VolumeRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";

type VolumeStore = Pick<Store, "containers" | "volumes">;

/** Volumes that a container mounts, each once. */
export function volumesOf({ volumes }: Pick<Store, "volumes">, { requests }: ContainerRow): readonly VolumeRow[] {
  return namesIn(requests?.mounts ?? []).flatMap((name) => volumes.named(name) ?? []);
}

/** Containers that mount a volume, by its name. */
export function volumeUsers({ containers }: Pick<Store, "containers">): ReadonlyMap<string, readonly ContainerRow[]> {
  const uses = containers
    .withVolumes()
    .flatMap((row) => namesIn(row.requests?.mounts ?? []).map((name) => ({ name, row })));
  return new Map(
    [...Map.groupBy(uses, ({ name }) => name)].map(([name, found]) => [name, found.map(({ row }) => row)]),
  );
}

/** True for a container with which its volumes without a name go. */
function takesVolumes({ takesVolumes: isAsked, container }: ContainerRow): boolean {
  return isAsked === true || container.spec.autoRemove === true;
}

/**
 * The volumes that go with a container, which others have no part in: those that were made for it and came into being no further than
 * it, and those without a name if it takes them along.
 */
export function volumesGoingWith(store: VolumeStore, row: ContainerRow): readonly VolumeRow[] {
  const candidates = volumesOf(store, row).filter(
    ({ volume, madeFor }) => madeFor === row.id || (volume.anonymous && takesVolumes(row)),
  );
  if (candidates.length === 0) return [];
  const users = volumeUsers(store);
  return candidates.filter(({ volume }) => (users.get(volume.name) ?? []).every(({ id }) => id === row.id));
}

/** A volume as it is once what was made or copied for it is whole. */
export function settled({ madeFor: _madeFor, ...row }: VolumeRow): VolumeRow {
  const resources = row.resources.map((resource) => {
    if (resource.kind !== "volume") return resource;
    const { content: _content, ...rest } = resource;
    return rest;
  });
  return { ...row, state: "ready", resources };
}

function namesIn(mounts: readonly MountRequest[]): readonly string[] {
  return [...new Set(mounts.flatMap(({ type, source }) => (type === "volume" ? (source ?? []) : [])))];
}

/** Volumes that were made or filled for a container come into being with it, in the caller's transaction. */
export function settleVolumes(
  { store, processes }: { readonly store: Pick<Store, "volumes">; readonly processes: Pick<Processes, "self"> },
  row: ContainerRow,
): void {
  for (const one of volumesOf(store, row))
    if ((one.state === "creating" || one.state === "changing") && sameOwner(one.owner, processes.self()))
      store.volumes.update(settled(one));
}
