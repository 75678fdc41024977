import { closeSync, lstatSync, readdirSync, type Stats } from "node:fs";
import type { FileChange } from "../../api/index.js";
import { entryPath, openBelow, openRoot } from "../../kernel/files/place.js";

/** A directory of the upper layer, with those that it covers. */
interface Level {
  /** Opened. */
  readonly upper: number;
  /** Directories of lower layers, the topmost first. */
  readonly lower: readonly string[];
  /** In the container. */
  readonly path: string;
}

/** What the upper directory of an overlay changes of the layers below (Documentation/filesystems/overlayfs.rst), in order of paths. */
export function fileChanges(upper: string, lower: readonly string[]): readonly FileChange[] {
  const changes: FileChange[] = [];
  const root = openRoot(upper);
  try {
    collect({ upper: root, lower, path: "" }, changes);
  } finally {
    closeSync(root);
  }
  return changes;
}

function collect(level: Level, changes: FileChange[]): void {
  for (const name of readdirSync(`/proc/self/fd/${level.upper}`, "latin1").sort()) {
    const status = lstatSync(entryPath(level.upper, name), { throwIfNoEntry: false });
    if (status === undefined) continue;
    const path = `${level.path}/${Buffer.from(name, "latin1").toString("utf8")}`;
    if (isWhiteout(status)) {
      changes.push({ kind: "deleted", path });
      continue;
    }
    const below = visible(level.lower, name);
    changes.push({ kind: below === undefined ? "added" : "changed", path });
    if (!status.isDirectory()) continue;
    const directory = openBelow(level.upper, name);
    if (directory === undefined) continue;
    try {
      collect({ upper: directory, lower: below ?? [], path }, changes);
    } finally {
      closeSync(directory);
    }
  }
}

/** The directories that a name is in the lower layers, empty for what is no directory; undefined where there is no such name. */
function visible(lower: readonly string[], name: string): readonly string[] | undefined {
  const directories: string[] = [];
  let isThere = false;
  for (const directory of lower) {
    const path = `${directory}/${Buffer.from(name, "latin1").toString("utf8")}`;
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) continue;
    if (isWhiteout(status)) break;
    isThere = true;
    if (!status.isDirectory()) break;
    directories.push(path);
  }
  return isThere ? directories : undefined;
}

function isWhiteout(status: Stats): boolean {
  return status.isCharacterDevice() && status.rdev === 0;
}
