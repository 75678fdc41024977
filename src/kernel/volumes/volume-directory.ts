import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import type { VolumeDirectory } from "../../api/file-resource.js";
import type { Drift } from "../../api/provider.js";
import { boundaryOperation } from "../boundary-operation.js";
import { fileError } from "../errno.js";
import { makeDirectory, removeDirectory } from "../files/directory-resource.js";
import { listMounts } from "../files/mount-table.js";
import { pathConflict, statusOf, typeOf } from "../files/path-status.js";
import { unmount } from "../files/unmount.js";
import { exec } from "../programs/exec.js";
import { shellLine } from "../shell-words.js";

function dataPath({ path }: Pick<VolumeDirectory, "path">): string {
  return `${path}/_data`;
}

/** Makes what is missing, and fills it. Who may look into the data is decided within: all around it is root's alone. */
export async function ensureVolume(resource: VolumeDirectory): Promise<void> {
  const { path, tmpfs, content } = resource;
  const data = dataPath(resource);
  const status = statusOf(data);
  if (status !== undefined && !status.isDirectory()) throw pathConflict(data, status, "a directory");
  try {
    if (status === undefined) {
      boundaryOperation({ into: "file", what: () => `make ${path}/` }, () => {
        if (statusOf(path) === undefined) makeDirectory(path, 0o700);
        mkdirSync(data);
        chmodSync(data, 0o755);
      });
    }
    if (tmpfs !== undefined) {
      if (!isMounted(data)) await exec("mount", mountWords(data, tmpfs));
      return;
    }
    if (content === undefined && !existsSync(`${path}/filled`) && !existsSync(`${path}/filling`)) return;
    const { completeFill, fillVolume } = await import("./fill-volume.js");
    completeFill(path);
    if (content !== undefined && readdirSync(data).length === 0) await fillVolume(path, content);
  } catch (error) {
    throw fileError("make volume", path, error);
  }
}

export async function removeVolume(resource: VolumeDirectory): Promise<void> {
  const data = dataPath(resource);
  if (resource.tmpfs !== undefined && isMounted(data)) unmount(data);
  await removeDirectory({ kind: "directory", path: resource.path });
}

export function inspectVolume(resource: VolumeDirectory): Drift | undefined {
  const data = dataPath(resource);
  const status = statusOf(data);
  if (status === undefined) return { resource, problem: "missing" };
  if (!status.isDirectory()) return { resource, problem: "different", found: typeOf(status) };
  if (resource.tmpfs !== undefined && !isMounted(data)) return { resource, problem: "different", found: "not mounted" };
  const isToFill = resource.content !== undefined && readdirSync(data).length === 0;
  return isToFill ? { resource, problem: "different", found: "empty" } : undefined;
}

export function describeVolume(verb: "ensure" | "remove", resource: VolumeDirectory): string {
  const { path, tmpfs, content } = resource;
  const data = dataPath(resource);
  if (verb === "remove")
    return [...(tmpfs === undefined ? [] : [shellLine(["umount", data])]), shellLine(["rm", "-r", path])].join(" && ");
  const make = shellLine(["mkdir", "-p", data]);
  if (tmpfs !== undefined) return `${make} && ${shellLine(["mount", ...mountWords(data, tmpfs)])}`;
  if (content === undefined) return make;
  const [top] = [content.root].flat();
  return `${make} && ${shellLine(["cp", "-aT", `${top}${content.path}`, data])}`;
}

function mountWords(data: string, options: string): readonly string[] {
  return ["-t", "tmpfs", ...(options === "" ? [] : ["-o", options]), "tmpfs", data];
}

function isMounted(path: string): boolean {
  return listMounts().some((mount) => mount.path === path);
}
