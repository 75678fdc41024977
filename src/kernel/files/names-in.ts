import { readdirSync } from "node:fs";
import { fileError, isAbsence } from "../errno.js";

/** Names of what a directory holds; none where it does not exist. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (isAbsence(error)) return [];
    throw fileError("read directory", directory, error);
  }
}
