import type { ContainerRow, VolumeRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { Applier, Parts } from "../contracts/parts.js";
import { settled, volumesGoingWith, volumesOf } from "../rows/volumes-of.js";

interface VolumeRemovalParts extends Pick<Parts, "store" | "processes"> {
  readonly applier: Pick<Applier, "ensure" | "remove">;
}

/** Marks the volumes that go with a container as this process's to remove, in the transaction that deletes the container's row. */
export function markLeavingVolumes({ store, processes }: VolumeRemovalParts, row: ContainerRow): readonly VolumeRow[] {
  const mounted = volumesOf(store, row);
  if (mounted.length === 0) return [];
  const self = processes.self();
  const going = volumesGoingWith(store, row).map((one): VolumeRow => ({ ...one, state: "deleting", owner: self }));
  for (const one of going) store.volumes.update(one);
  const gone = new Set(going.map(({ id }) => id));
  // What was being filled for it stays as it is.
  for (const one of mounted)
    if (!gone.has(one.id) && one.state === "changing" && sameOwner(one.owner, row.owner))
      store.volumes.update(settled(one));
  return going;
}

/** Removes volumes that are marked `deleting`. A crash in the middle is finished by the next command. */
export async function removeVolumes({ store, applier }: VolumeRemovalParts, rows: readonly VolumeRow[]): Promise<void> {
  for (const { id, resources } of rows) {
    await applier.remove(resources);
    store.unsyncedTransaction(() => store.volumes.delete(id));
  }
}

/** What a dead process left of its work on a volume: one that was being made goes, one that was being filled stays as it is. */
export async function recoverVolume(parts: VolumeRemovalParts, row: VolumeRow): Promise<void> {
  const { store, processes, applier } = parts;
  const claimed = store.transaction((): VolumeRow | undefined => {
    const current = store.volumes.get(row.id);
    if (current?.state !== row.state || !sameOwner(current.owner, row.owner)) return undefined;
    const next: VolumeRow = {
      ...current,
      owner: processes.self(),
      state: row.state === "changing" ? "changing" : "deleting",
    };
    store.volumes.update(next);
    return next;
  });
  if (claimed === undefined) return;
  if (claimed.state === "deleting") return removeVolumes(parts, [claimed]);
  const ready = settled(claimed);
  await applier.ensure(ready.resources);
  store.transaction(() => store.volumes.update(ready));
}
