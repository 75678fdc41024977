import { closeSync, fstatSync, readSync, writeSync } from "node:fs";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** Of <linux/memfd.h>; see memfd_create(2). */
const MFD_CLOEXEC = 1;

/**
 * A descriptor of a file that has a content and no name, to be a program's standard input: unlike a pipe of Node's, which is
 * a socket, it can be opened once more as /dev/stdin. The caller closes it; nothing is left, however this process ends.
 */
export function memoryFile(content: string): number {
  const descriptor = libc().memfd_create("tsd", MFD_CLOEXEC);
  if (descriptor < 0) throw kernelError({ operation: "create file in", object: "memory", errno: libc().errno() });
  const bytes = Buffer.from(content);
  // At a position, so that the reader begins at the start.
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
  return descriptor;
}

/** The last `most` bytes that a {@link memoryFile} has by now. */
export function endOf(descriptor: number, most: number): string {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, most));
  // At a position, since programs share the descriptor's own.
  const length = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString("utf8", 0, length);
}

/** Calls `work` with a {@link memoryFile}. */
export async function withMemoryFile<T>(content: string, work: (descriptor: number) => Promise<T>): Promise<T> {
  const descriptor = memoryFile(content);
  try {
    return await work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
