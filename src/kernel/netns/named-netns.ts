import { closeSync, constants, lstatSync, openSync, unlinkSync } from "node:fs";
import { constants as os } from "node:os";
import { dirname } from "node:path";
import type { RuntimeProcess } from "../../api/process.js";
import { errnoOf, fileError, kernelError } from "../errno.js";
import { makeDirectory } from "../files/directory-resource.js";
import { MNT_DETACH, MS_BIND, MS_REC, MS_SHARED, UMOUNT_NOFOLLOW } from "../files/mount-flags.js";
import { libc } from "../libc.js";
import { processes } from "../process-identity.js";
import { bracket, CLONE_NEWNET, OWN_NETNS } from "./netns.js";

/** flock(2). */
const LOCK_EX = 2;

/** Directories that this process knows to be shared mounts. */
const shared = new Set<string>();

/**
 * Makes a network namespace that lives as long as its bind mount at `path`. Throws `kernel` EEXIST where something is at
 * `path`; leaves nothing behind when it fails.
 */
export function createNetns(path: string): void {
  atMountPoint(path, () =>
    bracket(() => {
      if (libc().unshare(CLONE_NEWNET) < 0) {
        throw kernelError({ operation: "create network namespace", object: path, errno: libc().errno() });
      }
      mount(OWN_NETNS, path, MS_BIND);
    }),
  );
}

/** Names the network namespace of a process. Throws as {@link createNetns}, and `kernel` ESRCH for a process that is gone. */
export function nameNetns(path: string, process: RuntimeProcess): void {
  atMountPoint(path, () => {
    mount(`/proc/${process.pid}/ns/net`, path, MS_BIND);
    if (processes.isRunning(process)) return;
    // The pid may have been another's by then.
    libc().umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
    throw kernelError({ operation: "name network namespace", object: path, errno: os.errno.ESRCH });
  });
}

function atMountPoint(path: string, bind: () => void): void {
  makeMountPoint(path);
  try {
    bind();
  } catch (error) {
    unlinkSync(path);
    throw error;
  }
}

/**
 * Takes the name away; the namespace ends once no process is in it. True if there was one. What is at `path` but is
 * neither a mount nor the empty file under one stays.
 */
export function dropNetns(path: string): boolean {
  const dropped = libc().umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) === 0;
  const errno = dropped ? 0 : libc().errno();
  if (errno === os.errno.ENOENT || errno === os.errno.ENOTDIR) return false;
  // EINVAL: nothing is mounted there.
  if (errno !== 0 && errno !== os.errno.EINVAL) {
    throw kernelError({ operation: "remove network namespace", object: path, errno });
  }
  removeMountPoint(path);
  return dropped;
}

/** True for the empty file that a namespace was to be bound to, as a crash half-way leaves it. */
export function isBareMountPoint(path: string): boolean {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return entry?.isFile() === true && entry.size === 0;
}

function removeMountPoint(path: string): void {
  if (!isBareMountPoint(path)) return;
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== os.errno.ENOENT) throw fileError("remove network namespace", path, error);
  }
}

function makeMountPoint(path: string): void {
  const directory = dirname(path);
  try {
    if (!shared.has(directory)) shareDirectory(directory);
    closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL, 0));
    shared.add(directory);
  } catch (error) {
    // The directory went away since it was shared.
    if (errnoOf(error) === os.errno.ENOENT && shared.delete(directory)) makeMountPoint(path);
    else throw fileError("create network namespace", path, error);
  }
}

/**
 * Makes `directory` a shared mount, as ip-netns(8) does with /run/netns: the mounts below it then reach, and leave,
 * other mount namespaces, which would else keep a namespace alive after its removal here. One process at a time, since
 * two would mount it over itself twice.
 */
function shareDirectory(directory: string): void {
  let lock: number;
  try {
    makeDirectory(directory, 0o755);
    lock = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    throw fileError("create directory", directory, error);
  }
  try {
    libc().flock(lock, LOCK_EX);
    if (libc().mount("", directory, undefined, MS_SHARED, undefined) === 0) return;
    const errno = libc().errno();
    // EINVAL: no mount point yet.
    if (errno !== os.errno.EINVAL) throw kernelError({ operation: "share directory", object: directory, errno });
    mount(directory, directory, MS_BIND | MS_REC);
    mount("", directory, MS_SHARED);
  } finally {
    closeSync(lock);
  }
}

function mount(source: string, target: string, flags: number): void {
  if (libc().mount(source, target, undefined, flags, undefined) === 0) return;
  throw kernelError({ operation: "mount", object: target, errno: libc().errno() });
}
