import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync } from "node:fs";
import { constants as os } from "node:os";
import { fileError, kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** flock(2). */
const LOCK_EX = 2;
const LOCK_NB = 4;

/** Times that the holder of a lock may remove its file between two steps here. */
const ATTEMPTS = 10;

/**
 * Takes the lock of a file, which it makes, and which only its owner can open. The kernel ends the lock with the process. Returns
 * what ends it before, and removes the file; undefined while another process or caller has the lock.
 */
export function tryLock(path: string): (() => void) | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const file = openFile(path);
    if (!isLocked(file, path)) {
      closeSync(file);
      return undefined;
    }
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino) {
      return () => {
        rmSync(path, { force: true });
        closeSync(file);
      };
    }
    // The former holder removed it in between: this is the lock of no path.
    closeSync(file);
  }
  return undefined;
}

function openFile(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    throw fileError("lock", path, error);
  }
}

function isLocked(file: number, path: string): boolean {
  if (libc().flock(file, LOCK_EX | LOCK_NB) === 0) return true;
  const errno = libc().errno();
  if (errno === os.errno.EWOULDBLOCK) return false;
  throw kernelError({ operation: "lock", object: path, errno });
}
