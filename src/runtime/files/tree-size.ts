import { closeSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { entryPath, openBelow, openRoot } from "../../kernel/files/place.js";

/** Bytes of all files below a directory, each once however many names it has, without what is mounted below; 0 if it is missing. */
export async function treeSize(path: string): Promise<number> {
  const root = openIfPresent(path);
  if (root === undefined) return 0;
  const { dev } = await lstat(`/proc/self/fd/${root}/.`);
  const what = () => `measure ${path}/`;
  return boundaryOperation({ into: "file", what, reads: true }, () => sizeBelow(root, { dev, seen: new Set() }));
}

interface Measure {
  readonly dev: number;
  /** Inodes of files with several names. */
  readonly seen: Set<number>;
}

/** Closes the directory. */
async function sizeBelow(directory: number, measure: Measure): Promise<number> {
  let sum = 0;
  try {
    for (const name of await readdir(`/proc/self/fd/${directory}`, "latin1")) {
      const status = await lstat(entryPath(directory, name)).catch(() => undefined);
      if (status === undefined || status.dev !== measure.dev) continue;
      if (status.isDirectory()) {
        const below = openBelow(directory, name);
        if (below !== undefined) sum += await sizeBelow(below, measure);
      } else if (status.nlink === 1 || !measure.seen.has(status.ino)) {
        if (status.nlink > 1) measure.seen.add(status.ino);
        sum += status.size;
      }
    }
  } finally {
    closeSync(directory);
  }
  return sum;
}

function openIfPresent(path: string): number | undefined {
  try {
    return openRoot(path);
  } catch {
    return undefined;
  }
}
