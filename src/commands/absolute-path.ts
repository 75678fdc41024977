import { isAbsolute, resolve } from "node:path";
import type { Surroundings } from "./surroundings.js";

/** A path as the caller of the command means it. The current directory, which may be gone, is asked for only where it matters. */
export function absolutePath(path: string, caller: Pick<Surroundings, "cwd">): string {
  return isAbsolute(path) ? resolve(path) : resolve(caller.cwd, path);
}
