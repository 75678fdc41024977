import { posix } from "node:path";
import type { PathStatus } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

export interface CopyRequest {
  /** As it was written. */
  readonly sourcePath: string;
  readonly source: PathStatus;
  readonly destinationPath: string;
  /** What is there, links followed; undefined for nothing. */
  readonly destination: PathStatus | undefined;
}

/** The directory to unpack in, and what the first name in the archive becomes; `.` takes it away. */
export interface CopyTarget {
  readonly directory: string;
  readonly rename: { readonly from: string; readonly to: string };
}

/**
 * Where a copy goes, by the rules of `docker cp` (docs.docker.com, "docker container cp"): a directory that exists takes the source in,
 * or with `/.` behind the source what is in it; anything else is replaced or made under its own name. Throws `invalid-input` and
 * `not-found`.
 */
export function copyTarget({ sourcePath, source, destinationPath, destination }: CopyRequest): CopyTarget {
  const isDirectory = source.type === "directory";
  const from = source.name === "/" ? "." : source.name;
  if (!isDirectory && assertsDirectory(sourcePath)) throw refused(sourcePath, "is no directory");
  if (destination === undefined) {
    if (!isDirectory && assertsDirectory(destinationPath)) throw missing(destinationPath);
    return besideOthers(destinationPath, from);
  }
  if (destination.type === "directory") {
    const to = namesContent(sourcePath) ? "." : from;
    return { directory: destinationPath, rename: { from, to } };
  }
  if (assertsDirectory(destinationPath)) throw refused(destinationPath, "is no directory");
  if (isDirectory) throw refused(destinationPath, `is a file, which the directory ${sourcePath} cannot replace`);
  return besideOthers(destinationPath, from);
}

/** A path of a container's, absolute, with what its end says. `data` is below the root. */
export function containerPath(path: string): string {
  const absolute = posix.resolve("/", path);
  if (!assertsDirectory(path) || absolute === "/") return absolute;
  return namesContent(path) ? `${absolute}/.` : `${absolute}/`;
}

/** `dir/` and `dir/.` are directories, or nothing. */
export function assertsDirectory(path: string): boolean {
  return path.endsWith("/") || namesContent(path);
}

/** `dir/.` is what is in the directory. */
function namesContent(path: string): boolean {
  return path === "." || path.endsWith("/.");
}

function besideOthers(path: string, from: string): CopyTarget {
  const place = posix.resolve("/", path);
  return { directory: posix.dirname(place), rename: { from, to: posix.basename(place) || "." } };
}

function refused(path: string, why: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_COPY_PATH",
    message: `${path} ${why}`,
    hint: "Leave out what stands behind the last name, or name another path.",
    details: { path },
  });
}

function missing(path: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_COPY_PATH_MISSING",
    message: `the directory ${path} does not exist`,
    hint: "Make it first, or leave out the slash to copy to that name.",
    details: { path },
  });
}
