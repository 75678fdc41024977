import { statfsSync } from "node:fs";
import { TsdError } from "../errors/tsd-error.js";

/** Bytes that bundle, supervisor and runtime write for one container, roughly: with less, what failed failed for that. */
const NEEDED = 65_536;

/**
 * The error for a full disk where one of the directories has no room for another container, else `error` as it is: runtime
 * and supervisor have many words for it, and few of them name it.
 */
export function orDiskFull(error: unknown, directories: readonly string[]): unknown {
  const full = directories.find((directory) => {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize < NEEDED;
  });
  if (full === undefined) return error;
  return new TsdError({
    kind: "runtime",
    code: "TSD_RUNTIME_DISK_FULL",
    message: `the disk is full: there is no room in ${full} for the files of a container that runs`,
    hint: `Make room on the file system of ${full}, then try again.`,
    details: { directory: full },
    cause: error,
  });
}
