import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";

/** Of <asm-generic/fcntl.h>; see open(2). */
const O_TMPFILE = 0o20_000_000 | constants.O_DIRECTORY;

/** Opens a new file on the file system of `directory`, for root alone, which is gone with its last descriptor. */
export async function openUnnamedFile(directory: string): Promise<FileHandle> {
  try {
    return await open(directory, O_TMPFILE | constants.O_RDWR, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTSUP") throw error;
  }
  // On file systems that have only files with names, it has one for a moment.
  const path = join(directory, `.tsd-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}
