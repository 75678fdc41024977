import type { Pruned, Volume, VolumeDetails, VolumeRemovalOptions, VolumeSpec, Volumes } from "../../api/index.js";
import type { ContainerRow, VolumeRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { removeVolumes } from "../lifecycle/volume-removal.js";
import { planVolume } from "../plan/volume-plan.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import { settled, volumeUsers } from "../rows/volumes-of.js";

type VolumeParts = Pick<Parts, "store" | "processes" | "paths" | "applier" | "warn" | "files">;

export class VolumeUseCases implements Volumes {
  constructor(private readonly parts: VolumeParts) {}

  async create(spec: VolumeSpec): Promise<Volume> {
    const { store, applier } = this.parts;
    const row = store.transaction(() => this.existing(spec) ?? planVolume(this.parts, spec));
    if (row.state === "ready") return row.volume;
    await undoOnFailure(
      () => applier.ensure(row.resources),
      () => removeVolumes(this.parts, [row]),
    );
    store.transaction(() => store.volumes.update(settled(row)));
    return row.volume;
  }

  list(): readonly VolumeDetails[] {
    const { store } = this.parts;
    const users = volumeUsers(store);
    return store.volumes.list().map(({ volume }) => details(volume, users.get(volume.name)));
  }

  inspect(ref: string): VolumeDetails {
    const { store } = this.parts;
    const { volume } = store.volumes.resolve(ref);
    return details(volume, volumeUsers(store).get(volume.name));
  }

  async remove(ref: string): Promise<Volume> {
    const { store, processes } = this.parts;
    const row = store.transaction(() => {
      const found = store.volumes.resolve(ref);
      const { name } = found.volume;
      refuseBusy(processes, found, { noun: "volume", name, states: ["creating", "changing", "deleting"] });
      const [user] = volumeUsers(store).get(name) ?? [];
      if (user !== undefined) throw inUse(name, user);
      const leaving: VolumeRow = { ...found, state: "deleting", owner: processes.self() };
      store.volumes.update(leaving);
      return leaving;
    });
    await removeVolumes(this.parts, [row]);
    return row.volume;
  }

  async prune({ all = false, isMeant = () => true }: VolumeRemovalOptions = {}): Promise<Pruned<Volume>> {
    const unused = this.list().filter(({ users, volume }) => users.length === 0 && (all || volume.anonymous));
    const removed: Volume[] = [];
    let bytes = 0;
    for (const { volume } of unused.filter((one) => isMeant(one.volume))) {
      try {
        const size = await this.size(volume.id);
        removed.push(await this.remove(volume.id));
        bytes += size;
      } catch (error) {
        // Another command has begun to use it since, or has removed it.
        if (TsdError.is(error, "conflict") || TsdError.is(error, "not-found")) continue;
        throw error;
      }
    }
    return { removed, bytes };
  }

  /** What a volume shows of the host is none of its bytes. */
  async size(ref: string): Promise<number> {
    const { store, files } = this.parts;
    const { resources } = store.volumes.resolve(ref);
    const [directory] = resources;
    return directory?.kind === "volume" ? (await files()).size(`${directory.path}/_data`) : 0;
  }

  /** As docker: to ask for what exists is no error. */
  private existing({ name, options = {}, labels = {} }: VolumeSpec): VolumeRow | undefined {
    const { store, processes, warn } = this.parts;
    const found = name === undefined ? undefined : store.volumes.named(name);
    if (found === undefined || name === undefined) return undefined;
    refuseBusy(processes, found, { noun: "volume", name, states: ["creating", "deleting"] });
    if (!isSame(options, found.volume.options)) throw otherOptions(name);
    if (!Object.keys(labels).every((key) => found.volume.labels[key] === labels[key]))
      warn(`volume "${name}" exists already, and keeps the labels that it has`);
    return { ...found, state: "ready" };
  }
}

function details(volume: Volume, users: readonly ContainerRow[] = []): VolumeDetails {
  return { volume, users: users.map(({ id, container: { name } }) => ({ id, name })) };
}

function isSame(one: Volume["options"], other: Volume["options"]): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function inUse(name: string, { id, container }: ContainerRow): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_VOLUME_IN_USE",
    message: `volume "${name}" is in use by container "${container.name}"`,
    hint: `Remove the container first: tsd rm ${container.name}`,
    details: { volume: name, container: id },
  });
}

function otherOptions(name: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_VOLUME_EXISTS",
    message: `volume "${name}" exists already, with other options`,
    hint: `See them with tsd volume inspect ${name}, or choose another name.`,
    details: { name },
  });
}
