import { readFileSync } from "node:fs";
import { errnoOf, fileError } from "../errno.js";

/** The text of a file; undefined where there is none. Throws `kernel` or `permission`. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fileError("read", path, error);
  }
}
