import { readFileSync } from "node:fs";
import { fileError, isAbsence } from "../errno.js";

/** The text of a file; undefined where there is none, or it goes meanwhile. Throws `kernel` or `permission`. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw fileError("read", path, error);
  }
}
