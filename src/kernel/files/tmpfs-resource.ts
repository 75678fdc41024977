import type { Tmpfs } from "../../api/file-resource.js";
import type { Drift } from "../../api/provider.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { shellLine } from "../shell-words.js";
import { MS_NODEV, MS_NOEXEC, MS_NOSUID } from "./mount-flags.js";
import { listMounts, type Mount } from "./mount-table.js";
import { unmount } from "./unmount.js";

/** Mounts it, or makes do with one that is mounted already. Throws `conflict` where something else is mounted there. */
export function ensureTmpfs(resource: Tmpfs): void {
  const { path } = resource;
  const found = mountAt(path);
  if (found?.type === "tmpfs") return;
  if (found !== undefined) throw inTheWay(path, found);
  boundaryOperation({ into: "mount", what: () => `mount tmpfs ${path}` }, () => {
    const flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (libc().mount("tmpfs", path, "tmpfs", flags, optionsOf(resource)) === 0) return;
    throw kernelError({ operation: "mount tmpfs", object: path, errno: libc().errno() });
  });
}

/** Another mount at the path stays. Containers that have it as well keep it. */
export function removeTmpfs({ path }: Tmpfs): void {
  if (mountAt(path)?.type === "tmpfs") unmount(path);
}

/** To read `mounts` once serves for many, since the kernel lists all of them each time. */
export function inspectTmpfs(resource: Tmpfs, mounts = listMounts()): Drift | undefined {
  const found = mountAt(resource.path, mounts);
  if (found === undefined) return { resource, problem: "missing" };
  return found.type === "tmpfs" ? undefined : { resource, problem: "different", found: `a mount of ${found.type}` };
}

export function describeTmpfs(verb: "ensure" | "remove", resource: Tmpfs): string {
  const { path } = resource;
  if (verb === "remove") return shellLine(["umount", "-l", path]);
  return shellLine(["mount", "-t", "tmpfs", "-o", `nosuid,nodev,noexec,${optionsOf(resource)}`, "tmpfs", path]);
}

/** tmpfs(5). */
function optionsOf({ size }: Tmpfs): string {
  return `mode=1777,size=${size}`;
}

function mountAt(path: string, mounts = listMounts()): Mount | undefined {
  return mounts.findLast((mount) => mount.path === path);
}

function inTheWay(path: string, { type, options }: Mount): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_MOUNT_CONFLICT",
    message: `${path} is taken by another mount of type ${type}`,
    hint: `Look at it, and unmount it: findmnt ${path}`,
    details: { path, type, options },
  });
}
