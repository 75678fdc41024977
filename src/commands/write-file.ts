import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { TsdError } from "../errors/tsd-error.js";

/** Writes a file that is there whole or not at all, by a name beside it. A pipe or device is written to as it is. */
export async function writeFileWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  const isStream = there !== undefined && !there.isFile() && !there.isDirectory();
  const target = isStream ? path : `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    if (there?.isDirectory()) throw Object.assign(new Error("it is a directory"), { code: "EISDIR", path });
    await pipeline(bytes, createWriteStream(target, { mode: 0o600, flags: isStream ? "w" : "wx" }));
    if (!isStream) await rename(target, path);
  } catch (error) {
    if (!isStream) await rm(target, { force: true });
    throw fileFault(path, error);
  }
}

function fileFault(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "its directory does not exist",
    ENOTDIR: "its directory is a file",
    EISDIR: "it is a directory",
    EACCES: "it may not be written",
    EROFS: "its file system is read-only",
    ENOSPC: "the disk is full",
  };
  if (TsdError.is(error) || code === undefined || reasons[code] === undefined) return error;
  return new TsdError({
    kind: code === "EACCES" ? "permission" : "invalid-input",
    code: "TSD_IMAGE_TARGET_UNWRITABLE",
    message: `${path} cannot be written: ${reasons[code]}`,
    hint: "Name another file with --output.",
    details: { path },
    cause: error,
  });
}
