import type { ContainerRow, FileView, ViewMount } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { mountResources } from "../plan/container-files.js";
import { requestsOf } from "../requests/container-requests.js";
import { isActive, lives, runOf } from "../rows/active-container.js";
import { beginFileAccess, refuseForeignAccess } from "../rows/file-access.js";

type AccessParts = Pick<Parts, "store" | "processes" | "paths" | "layerDirectory">;

/** The files of a container at this moment, to be read: it may start and go meanwhile. */
export function readableFiles(parts: AccessParts, ref: string): FileView {
  const row = parts.store.containers.resolve(ref);
  const running = runningView(parts, row);
  if (running !== undefined) return running;
  if (!isActive(row.container)) refuseForeignAccess(parts, row);
  return stoppedView(parts, row, { readOnly: true });
}

/** The same to be written. The caller ends the access to those of one that does not run. */
export function writableFiles(
  parts: AccessParts,
  ref: string,
): { readonly row: ContainerRow; readonly view: FileView } {
  const found = parts.store.containers.resolve(ref);
  const running = runningView(parts, found);
  if (running !== undefined) return { row: found, view: running };
  const row = beginFileAccess(parts, found.id);
  return { row, view: stoppedView(parts, row, { readOnly: false }) };
}

function runningView({ processes }: AccessParts, row: ContainerRow): FileView | undefined {
  const { process } = runOf(processes, row);
  return process !== undefined && lives(processes, row) ? { kind: "running", process } : undefined;
}

function stoppedView(parts: AccessParts, row: ContainerRow, { readOnly }: { readonly readOnly: boolean }): FileView {
  const overlay = mountResources(parts, row.container).find((mount) => mount.kind === "overlay");
  const root = overlay ?? row.container.spec.rootfs ?? "/";
  return { kind: "stopped", root, mounts: mountsOf(parts, row), readOnly };
}

/** A tmpfs is there only while the container runs. */
function mountsOf({ store }: AccessParts, row: ContainerRow): readonly ViewMount[] {
  const mounts = requestsOf(row).mounts.flatMap(({ type, source = "", target, readOnly, subpath }): ViewMount[] => {
    if (type === "tmpfs") return [];
    const path = type === "bind" ? source : store.volumes.named(source)?.volume.mountpoint;
    if (path === undefined) return [];
    return [{ source: path, target, readOnly, ...(subpath === undefined ? {} : { within: subpath }) }];
  });
  return mounts.sort((one, other) => one.target.split("/").length - other.target.split("/").length);
}
