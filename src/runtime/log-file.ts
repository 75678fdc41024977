import { closeSync, constants, fstatSync, openSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { namesIn } from "../kernel/files/names-in.js";
import { pathConflict, statusOf } from "../kernel/files/path-status.js";

export function logName(id: string): string {
  return `${id}.log`;
}

/**
 * Throws `conflict` where a supervisor could not write its log: it would wait for ever for the reader of a fifo. A link may
 * lead to a file elsewhere.
 */
export function requireLogPlace(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile()) throw pathConflict(path, status, "a log");
}

/** A descriptor of the log; undefined where there is none. Throws `conflict` where something else is in its place. */
export function openLog(path: string): number | undefined {
  let file: number;
  try {
    // Not blocked by a fifo that nobody writes to.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  const status = fstatSync(file);
  if (status.isFile()) return file;
  closeSync(file);
  throw pathConflict(path, status, "a log");
}

/** All files of a log. A directory in the place of one is not tsd's, and stays. */
export function removeLog(path: string): void {
  const names = namesIn(dirname(path)).filter((name) => name.startsWith(basename(path)));
  const files = names
    .map((name) => `${dirname(path)}/${name}`)
    .filter((file) => statusOf(file)?.isDirectory() === false);
  if (files.length === 0) return;
  boundaryOperation({ into: "file", what: () => `remove ${path}` }, () => {
    for (const file of files) rmSync(file, { force: true });
  });
}
