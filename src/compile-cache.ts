import { CodeCache } from "./code-cache.js";

/**
 * Has Node.js keep what V8 compiles of the files in a directory, in one that is the caller's alone. Where that cannot be, it goes
 * on without.
 */
export function enableCompileCache(directory: string): void {
  const cache = new CodeCache(directory, `node-${process.geteuid?.()}`);
  try {
    if (!cache.make() || !holdsOwnFiles(cache)) return;
  } catch {
    // The directory is read-only, or the disk full.
    return;
  }
  // Node.js makes a directory of its own within it at once, and files that only their owner can open at the end.
  const mask = process.umask(0o077);
  process.getBuiltinModule("node:module").enableCompileCache(cache.path);
  process.umask(mask);
}

/** Node.js reads what is there, whose ever it is. */
function holdsOwnFiles(cache: CodeCache): boolean {
  const { readdirSync } = process.getBuiltinModule("node:fs");
  const below = (directory: string): readonly string[] => readdirSync(directory).map((name) => `${directory}/${name}`);
  return below(cache.path).every((path) => cache.owns(path) && below(path).every((file) => cache.owns(file)));
}
