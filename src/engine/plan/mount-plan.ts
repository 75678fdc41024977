import type { Container, Image, VolumeContent } from "../../api/index.js";
import type { ContainerRequests, MountRequest, VolumeRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { Parts } from "../contracts/parts.js";
import { isEmptyVolume } from "../host-facts/volumes.js";
import { requestsOf } from "../requests/container-requests.js";
import { busy } from "../rows/refuse-busy.js";
import { planVolume } from "./volume-plan.js";

type MountPlanParts = Pick<Parts, "store" | "processes" | "paths" | "layerDirectory">;

interface Planned {
  readonly container: Pick<Container, "id" | "layers" | "spec">;
  readonly image: Image | undefined;
  readonly requests: ContainerRequests;
}

/**
 * All mounts of a new container: what the user asks for, what other containers have, and what the image wants kept. Writes down the
 * volumes that are to be made or filled for it, in the caller's transaction.
 */
export function planMounts(parts: MountPlanParts, planned: Planned): readonly MountRequest[] {
  const { requests, image } = planned;
  const inherited = (requests.volumesFrom ?? []).flatMap(({ ref, readOnly }) => {
    const { mounts } = requestsOf(parts.store.containers.resolve(ref));
    const shared = mounts.filter(({ type }) => type !== "tmpfs");
    return readOnly === undefined ? shared : shared.map((mount) => ({ ...mount, readOnly }));
  });
  const wanted = (image?.config.volumes ?? []).map(
    (target): MountRequest => ({ type: "volume", target, readOnly: false }),
  );
  const byTarget = new Map([...wanted, ...inherited, ...requests.mounts].map((mount) => [mount.target, mount]));
  const filled = new Set<string>();
  return [...byTarget.values()].map((mount) =>
    mount.type === "volume" ? planVolumeMount(parts, planned, { mount, filled }) : mount,
  );
}

/** The first mount of a volume says what it is filled with. */
function planVolumeMount(
  parts: MountPlanParts,
  planned: Planned,
  { mount, filled }: { readonly mount: MountRequest; readonly filled: Set<string> },
): MountRequest {
  const { store } = parts;
  const { id: madeFor } = planned.container;
  const name = mount.source;
  const isFirst = name === undefined || !filled.has(name);
  if (name !== undefined) filled.add(name);
  const isCopied = isFirst && mount.noCopy !== true && mount.subpath === undefined;
  const content = isCopied ? contentOf(parts, planned.container, mount.target) : undefined;
  const found = name === undefined ? undefined : store.volumes.named(name);
  const more = { ...(content === undefined ? {} : { content }), madeFor };
  if (found === undefined) {
    const { volume } = planVolume(parts, { ...(name === undefined ? {} : { name }), ...more });
    return { ...mount, source: volume.name };
  }
  if (found.state !== "ready" && !sameOwner(found.owner, parts.processes.self()))
    throw busy(found, { noun: "volume", called: `volume "${name}"` });
  if (content !== undefined && found.state === "ready") fill(parts, found, content);
  return mount;
}

/** Should this process die, the volume is as empty as before, or full. */
function fill({ store, processes }: MountPlanParts, row: VolumeRow, content: VolumeContent): void {
  const [directory] = row.resources;
  const isOwn = directory?.kind === "volume" && directory.tmpfs === undefined;
  if (!isOwn || row.volume.mountpoint !== `${directory.path}/_data` || !isEmptyVolume(row.volume.mountpoint)) return;
  const resources = [{ ...directory, content }];
  store.volumes.update({ ...row, state: "changing", owner: processes.self(), resources });
}

function contentOf(
  { layerDirectory }: MountPlanParts,
  { layers, spec }: Planned["container"],
  path: string,
): VolumeContent | undefined {
  if (spec.rootfs !== undefined) return { root: spec.rootfs, path };
  return layers.length === 0 ? undefined : { root: layers.map(layerDirectory).toReversed(), path };
}
