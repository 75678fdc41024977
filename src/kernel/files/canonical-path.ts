import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { errnoOf, fileError } from "../errno.js";

/**
 * The one name of a path, which need not exist: absolute, without `.`, `..` and symbolic links. By this name the kernel's
 * table of mounts knows what is below it. Throws where a part of the path is no directory, or may not be looked into.
 */
export function canonicalPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch (error) {
    if (errnoOf(error) !== constants.errno.ENOENT) throw fileError("find", absolute, error);
    return join(canonicalPath(dirname(absolute)), basename(absolute));
  }
}
