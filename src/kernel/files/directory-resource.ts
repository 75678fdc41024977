import { chmodSync, mkdirSync, rmdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { constants } from "node:os";
import { dirname } from "node:path";
import type { Directory } from "../../api/file-resource.js";
import type { Drift } from "../../api/provider.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { errnoOf, fileError } from "../errno.js";
import { shellLine } from "../shell-words.js";
import { mountsBelow } from "./mount-table.js";
import { formatMode, pathConflict, statusOf, typeOf } from "./path-status.js";

const DEFAULT_MODE = 0o700;

/** Makes the directory, and those above it for root alone, and sets its mode. Throws `conflict` where the path is something else. */
export function ensureDirectory({ path, mode = DEFAULT_MODE }: Directory): void {
  const status = statusOf(path);
  if (status !== undefined && !status.isDirectory()) throw pathConflict(path, status, "a directory");
  try {
    if (status === undefined)
      boundaryOperation({ into: "file", what: () => `make ${path}/` }, () => makeDirectory(path, mode));
    // Also after mkdir, which the umask bends.
    if (status === undefined || formatMode(status.mode) !== formatMode(mode)) chmodSync(path, mode);
  } catch (error) {
    throw fileError("create directory", path, error);
  }
}

/** Those above it hold what belongs to root alone, whatever the mode of this one. */
export function makeDirectory(path: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: DEFAULT_MODE });
  mkdirSync(path, { recursive: true, mode });
}

/**
 * Deletes the directory and all in it. Throws `conflict` where something is mounted below, whose files are not tsd's to
 * delete. What is no directory stays.
 */
export async function removeDirectory({ path }: Directory): Promise<void> {
  if (statusOf(path)?.isDirectory() !== true) return;
  const what = () => `remove ${path}/`;
  try {
    await boundaryOperation({ into: "file", what }, async () => {
      if (removeEmpty(path)) return;
      const [mount] = mountsBelow(path);
      if (mount !== undefined) throw stillMounted(path, mount);
      await rm(path, { recursive: true, force: true });
    });
  } catch (error) {
    throw fileError("remove directory", path, error);
  }
}

/** Returns false where something is in it or mounted on it. Most are empty, and the table of mounts grows with the containers. */
function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    const { ENOENT, ENOTEMPTY, EEXIST, EBUSY } = constants.errno;
    const errno = errnoOf(error);
    if (errno !== ENOENT && errno !== ENOTEMPTY && errno !== EEXIST && errno !== EBUSY) throw error;
    return errno === ENOENT;
  }
}

export function inspectDirectory(resource: Directory): Drift | undefined {
  const status = statusOf(resource.path);
  if (status === undefined) return { resource, problem: "missing" };
  if (!status.isDirectory()) return { resource, problem: "different", found: typeOf(status) };
  const wanted = formatMode(resource.mode ?? DEFAULT_MODE);
  const found = formatMode(status.mode);
  return found === wanted ? undefined : { resource, problem: "different", found: `mode ${found}` };
}

export function describeDirectory(verb: "ensure" | "remove", { path, mode = DEFAULT_MODE }: Directory): string {
  return shellLine(verb === "remove" ? ["rm", "-r", path] : ["mkdir", "-p", "-m", formatMode(mode), path]);
}

function stillMounted(path: string, mount: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_DIRECTORY_MOUNTED",
    message: `cannot remove ${path}: something is still mounted on ${mount}`,
    hint: `Unmount it: umount ${mount}`,
    details: { path, mount },
  });
}
