import { readdirSync } from "node:fs";
import { constants } from "node:os";
import { errnoOf, fileError } from "../errno.js";

/** Names of what a directory holds; none where it does not exist. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (errnoOf(error) === constants.errno.ENOENT) return [];
    throw fileError("read directory", directory, error);
  }
}
