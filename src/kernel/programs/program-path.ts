import { accessSync, constants, statSync } from "node:fs";
import { missingProgram } from "./exec.js";

/** Where distributions put programs; the supervisor wants its runtime by path. */
const directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/** The path of the first of the programs that is installed; one with a slash is a path already. Throws `unsupported`. */
export function programPath(...names: readonly [string, ...string[]]): string {
  for (const name of names) {
    const candidates = name.includes("/") ? [name] : directories.map((directory) => `${directory}/${name}`);
    const found = candidates.find(isExecutable);
    if (found !== undefined) return found;
  }
  throw missingProgram(names[0]);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
