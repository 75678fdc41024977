import type { ContainerRow, FileView, ViewMount } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { mountResources } from "../plan/container-files.js";
import { requestsOf } from "../requests/container-requests.js";
import { lives, runOf } from "../rows/active-container.js";
import { beginFileAccess } from "../rows/file-access.js";

type AccessParts = Pick<Parts, "store" | "processes" | "paths" | "layerDirectory">;

/** Which files are a container's at this moment. The caller ends the access to those of one that does not run. */
export function accessFiles(parts: AccessParts, ref: string): { readonly row: ContainerRow; readonly view: FileView } {
  const { store, processes } = parts;
  const found = store.containers.resolve(ref);
  const { process } = runOf(processes, found);
  if (process !== undefined && lives(processes, found)) return { row: found, view: { kind: "running", process } };
  const row = beginFileAccess(parts, found.id);
  const overlay = mountResources(parts, row.container).find((mount) => mount.kind === "overlay");
  const root = overlay ?? row.container.spec.rootfs ?? "/";
  return { row, view: { kind: "stopped", root, mounts: mountsOf(parts, row) } };
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
