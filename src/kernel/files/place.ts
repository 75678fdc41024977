import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readlinkSync, type Stats } from "node:fs";
import { constants as os } from "node:os";
import { errnoOf } from "../errno.js";

/** A name or a path as the kernel has it, with one character for each byte (latin1), since names need not be UTF-8. */
export type ByteName = string;

/** <asm-generic/fcntl.h>, see open(2): names a file without opening it. Node has no name for it. */
const O_PATH = 0o10000000;

/** As the kernel's own limit, `MAXSYMLINKS`. */
const MAX_LINKS = 40;

export interface WalkOptions {
  /** A symbolic link at the end of the path is followed. */
  readonly follow?: boolean;
  /** Directories that are missing on the way are made, for all to look into. */
  readonly make?: boolean;
  /** Symbolic links on the way: followed within the root, unless they are refused. */
  readonly refuseLinks?: boolean;
}

/** A name in a directory that is held open, whatever becomes of the directory's own name meanwhile. */
export class Place implements Disposable {
  constructor(
    readonly directory: number,
    /** `.` for the root itself. */
    readonly name: ByteName,
  ) {}

  /** By which node:fs finds it. */
  get path(): Buffer {
    return entryPath(this.directory, this.name);
  }

  /** What is there, links not followed; undefined for nothing. */
  status(): Stats | undefined {
    return lstatSync(this.path, { throwIfNoEntry: false });
  }

  [Symbol.dispose](): void {
    closeSync(this.directory);
  }
}

/** Opens a directory, to be the root of walks. The caller closes it. */
export function openRoot(path: string | Buffer): number {
  return openSync(path, O_PATH | constants.O_DIRECTORY);
}

/** Names what is at a place without opening it: nothing happens to it, even if it is a device. Undefined if nothing is there. */
export function openName({ path }: Place): number | undefined {
  return open(path, O_PATH);
}

/** Opens a directory in another, following nothing. Undefined if it is none. The caller closes it. */
export function openBelow(directory: number, name: ByteName): number | undefined {
  return open(entryPath(directory, name), O_PATH | constants.O_DIRECTORY);
}

export function entryPath(directory: number, name: ByteName): Buffer {
  return Buffer.from(`/proc/self/fd/${directory}/${name}`, "latin1");
}

/**
 * Finds a path in a file system that is not trusted, with symbolic links resolved as if `root` were `/` (as openat2(2) with
 * RESOLVE_IN_ROOT), safe against a container that changes them meanwhile: each step opens one name, following nothing, below
 * a directory that is held open. The last name need not exist. Returns undefined if the directories on the way do not.
 */
export function findPlace(root: number, path: ByteName, options: WalkOptions = {}): Place | undefined {
  const held = [openSync(`/proc/self/fd/${root}`, O_PATH | constants.O_DIRECTORY)];
  try {
    const name = walk(held, path, options);
    return name === undefined ? undefined : new Place(held.pop() as number, name);
  } finally {
    for (const descriptor of held) closeSync(descriptor);
  }
}

/** Leaves the directory of the last name at the end of `held`, the chain of open directories from the root. */
function walk(held: number[], path: ByteName, { follow, make, refuseLinks }: WalkOptions): ByteName | undefined {
  const names = split(path);
  let links = refuseLinks ? MAX_LINKS : 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const here = entryPath(held.at(-1) as number, name);
    const isLast = names.length === 0;
    const target = name === ".." || (isLast && !follow) ? undefined : linkTarget(here);
    if (target !== undefined) {
      if (++links > MAX_LINKS) return undefined;
      if (target.startsWith("/")) ascend(held, held.length);
      names.unshift(...split(target));
    } else if (name === "..") {
      ascend(held, 1);
    } else if (isLast) {
      return name;
    } else if (!descend(held, here, make === true)) {
      return undefined;
    }
  }
  return ".";
}

function descend(held: number[], path: Buffer, make: boolean): boolean {
  const directory = openDirectory(path, make);
  if (directory !== undefined) held.push(directory);
  return directory !== undefined;
}

function split(path: ByteName): ByteName[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

/** Never above the root. */
function ascend(held: number[], levels: number): void {
  for (let level = 0; level < levels && held.length > 1; level += 1) closeSync(held.pop() as number);
}

function linkTarget(path: Buffer): ByteName | undefined {
  try {
    return readlinkSync(path, "latin1");
  } catch {
    return undefined;
  }
}

function openDirectory(path: Buffer, make: boolean): number | undefined {
  const found = open(path, O_PATH | constants.O_DIRECTORY);
  if (found !== undefined || !make) return found;
  try {
    mkdirSync(path, 0o755);
  } catch (error) {
    if (errnoOf(error) !== os.errno.EEXIST) throw error;
  }
  return open(path, O_PATH | constants.O_DIRECTORY);
}

function open(path: Buffer, flags: number): number | undefined {
  try {
    return openSync(path, constants.O_NOFOLLOW | flags);
  } catch {
    return undefined;
  }
}

/** What a descriptor of {@link openName} names. */
export function statusOfName(descriptor: number): Stats {
  return fstatSync(descriptor);
}
