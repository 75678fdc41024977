import { lstatSync, type Stats } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { errnoOf, fileError } from "../errno.js";

/** What is at `path`, links not followed; undefined for nothing. Throws `kernel` or `permission`. */
export function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A component of the path is a file: nothing is below it.
    if (errnoOf(error) !== undefined && (error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw fileError("look at", path, error);
  }
}

/** Permission bits in octal, as chmod(1) takes them. */
export function formatMode(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

export function typeOf(status: Stats): string {
  if (status.isDirectory()) return "a directory";
  if (status.isSymbolicLink()) return "a symbolic link";
  return status.isFile() ? "a file" : "a special file";
}

/** The error for a path that holds something else than what is to be there. */
export function pathConflict(path: string, status: Stats, wanted: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_PATH_CONFLICT",
    message: `${path} is ${typeOf(status)}, where tsd needs ${wanted}`,
    hint: `Look at it, and move it away: ls -la ${path}`,
    details: { path },
  });
}
