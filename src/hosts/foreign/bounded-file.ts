import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";

/**
 * The content of a regular file of at most `most` bytes, whatever size it says it has. Does not wait for more: a read of /proc/kmsg,
 * which is a regular file, does. Throws errors with a clause about the file, and those of the kernel.
 */
export function readBoundedFile(path: string, most: number): Buffer {
  // To open a device does something to it already.
  requireRegular(statSync(path));
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    requireRegular(fstatSync(descriptor));
    return readUpTo(descriptor, most);
  } finally {
    closeSync(descriptor);
  }
}

/** JSON of a file that is the caller's choice. The error quotes nothing of it, since it may be another file than was meant. */
export function parseFile(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [place] = / at position \d+/.exec((error as Error).message) ?? [""];
    throw new Error(`it is not JSON${place}`);
  }
}

function requireRegular(status: { isFile(): boolean }): void {
  if (!status.isFile()) throw new Error("it is not a regular file");
}

function readUpTo(descriptor: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const chunk = Buffer.alloc(65_536);
    const length = readSync(descriptor, chunk);
    if (length === 0) return Buffer.concat(chunks);
    size += length;
    if (size > most) throw new Error(`it has more than ${most / 1024} KiB`);
    chunks.push(chunk.subarray(0, length));
  }
}
