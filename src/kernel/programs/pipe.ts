import { closeSync, readSync } from "node:fs";
import { constants } from "node:os";
import { errnoOf, kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** <asm-generic/fcntl.h>. */
const O_CLOEXEC = 0o2000000;
/** <asm-generic/ioctls.h>; FIONREAD of pipe(7). */
const FIONREAD = 0x541b;

/** Two descriptors, which no program inherits by itself. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** A pipe of pipe(2), which a program can open once more as /dev/stdout: those of Node.js are sockets. Throws `kernel`. */
export function openPipe(): Pipe {
  const ends = Buffer.alloc(8);
  if (libc().pipe2(ends, O_CLOEXEC) !== 0) throw kernelError({ operation: "open a pipe", errno: libc().errno() });
  return { readEnd: ends.readInt32LE(0), writeEnd: ends.readInt32LE(4) };
}

export function closePipe({ readEnd, writeEnd }: Pipe): void {
  closeSync(readEnd);
  closeSync(writeEnd);
}

/** Takes what a pipe holds at this moment, and nothing that is written later. `readEnd` must not block. */
export function readWaiting(readEnd: number): Buffer {
  const waiting = Buffer.allocUnsafe(countWaiting(readEnd));
  try {
    return waiting.subarray(0, readSync(readEnd, waiting));
  } catch (error) {
    // Another process that has the pipe open took it.
    if (errnoOf(error) === constants.errno.EAGAIN) return Buffer.alloc(0);
    throw error;
  }
}

/** Bytes that a pipe holds at this moment. */
export function countWaiting(readEnd: number): number {
  const count = Buffer.alloc(4);
  return libc().ioctl(readEnd, FIONREAD, count) === 0 ? count.readInt32LE() : 0;
}
