import { existsSync, statSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";

/** Throws `not-found` where the path of a volume does not exist, or that of a root file system is no directory. */
export function requirePath(path: string, noun: "volume" | "root file system"): void {
  if (path.startsWith("/") && existsSync(path) && (noun === "volume" || statSync(path).isDirectory())) return;
  throw new TsdError({
    kind: "not-found",
    code: "TSD_PATH_MISSING",
    message: `${noun} ${path} ${existsSync(path) ? "is not an absolute path of a directory" : "does not exist"}`,
    hint: "Make it first, or check the spelling.",
    details: { path },
  });
}
