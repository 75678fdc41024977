import { closeSync, constants, openSync } from "node:fs";
import { fileError, kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** <asm-generic/fcntl.h>, see open(2): names a directory that may not be read. Node has no name for it. */
const O_PATH = 0o10000000;

/**
 * Does something synchronous in another working directory. That is the whole process's, other threads' too, so names that these
 * use meanwhile must be absolute. Throws `kernel`, and what the work throws.
 */
export function inDirectory(path: string, work: () => void): void {
  // By a descriptor, since the caller's directory may have no name any more.
  const back = open(".");
  try {
    const there = open(path);
    try {
      enter(there, path);
      work();
    } finally {
      enter(back, "the caller's directory");
      closeSync(there);
    }
  } finally {
    closeSync(back);
  }
}

function open(path: string): number {
  try {
    return openSync(path, O_PATH | constants.O_DIRECTORY);
  } catch (error) {
    throw fileError("enter", path, error);
  }
}

function enter(descriptor: number, object: string): void {
  if (libc().fchdir(descriptor) === 0) return;
  throw kernelError({ operation: "enter", object, errno: libc().errno() });
}
