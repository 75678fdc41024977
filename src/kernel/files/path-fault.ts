import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** Of inode(7): writable by group, by others; only owners may rename and delete what is in a directory. */
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
/** As many as the kernel follows, path_resolution(7). */
const MOST_LINKS = 40;

/**
 * Why others than root and the caller decide what is at a path, as the rest of a sentence that begins with the path; undefined where
 * they do not. The whole way there counts, with all symbolic links: each part belongs to root or the caller, and none but these can
 * replace it. So the path stays what it was when it is used later, and is used under its own name: programs exist that act by the name
 * by which they are called. What is missing, and what only root can make, has no fault.
 */
export function pathFault(path: string): string | undefined {
  return faultFrom("/", { left: partsOf(path), links: 0 });
}

/** What is to go yet, and the symbolic links that led there. */
interface Way {
  readonly left: readonly string[];
  readonly links: number;
}

/** `at` has no symbolic link in it. */
function faultFrom(at: string, { left: [part, ...left], links }: Way): string | undefined {
  const status = statusOf(at);
  if (status === undefined) return undefined;
  const fault = ownerFault(status) ?? modeFault(status, part !== undefined);
  if (fault !== undefined) return part === undefined ? fault : `is below ${at}, which ${fault}`;
  if (part === undefined) return undefined;
  const next = join(at, part);
  const entry = statusOf(next);
  if (entry === undefined) return isOpen(status) ? "is missing, and other users can make it" : undefined;
  return entry.isSymbolicLink() ? faultThrough(next, entry, { left, links }) : faultFrom(next, { left, links });
}

function faultThrough(link: string, status: Stats, { left, links }: Way): string | undefined {
  const fault = ownerFault(status);
  if (fault !== undefined) return `leads through ${link}, which ${fault}`;
  if (links === MOST_LINKS) return "leads through too many symbolic links";
  const target = readlinkSync(link);
  const way = { left: [...partsOf(target), ...left], links: links + 1 };
  return faultFrom(isAbsolute(target) ? "/" : dirname(link), way);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function ownerFault({ uid }: Stats): string | undefined {
  return uid === 0 || uid === process.geteuid?.() ? undefined : `belongs to user ${uid}, and not to root`;
}

/** In a sticky directory others cannot replace an entry, but can add one. The mode of a socket says who may connect. */
function modeFault(status: Stats, isPassed: boolean): string | undefined {
  if (!isOpen(status) || status.isSocket()) return undefined;
  return isPassed && (status.mode & STICKY) !== 0 ? undefined : "can be changed by other users";
}

function isOpen({ mode, gid }: Stats): boolean {
  return (mode & OTHERS_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && gid !== 0);
}
