import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";

/** <linux/stat.h>: writable by the group or by others; and a directory whose files only their owners may replace. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Symbolic links that the kernel follows in a path, see path_resolution(7). */
const MOST_LINKS = 40;

/**
 * On the way to a directory, the first step where another user than root and the caller decides what is there: it belongs to
 * that user, or that user can write to it. Follows symbolic links as the kernel does, and ends at what does not exist. In a
 * directory with the sticky bit others replace nothing, so it may be above the last step, as /tmp is.
 */
export function foreignStep(directory: string): string | undefined {
  const rest = directory.split("/");
  let at = "/";
  for (let links = 0; ; ) {
    const status = lstatSync(at, { throwIfNoEntry: false });
    if (status === undefined) return undefined;
    if (status.uid !== 0 && status.uid !== process.geteuid?.()) return at;
    if (status.isSymbolicLink()) {
      if (++links > MOST_LINKS) return at;
      const target = readlinkSync(at);
      rest.unshift(...target.split("/"));
      at = target.startsWith("/") ? "/" : dirname(at);
      continue;
    }
    if (
      isWritable(
        status,
        rest.every((word) => word === ""),
      )
    )
      return at;
    const word = rest.shift();
    if (word === undefined) return undefined;
    at = join(at, word);
  }
}

function isWritable({ mode }: Stats, isLast: boolean): boolean {
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (isLast || (mode & STICKY) === 0);
}
