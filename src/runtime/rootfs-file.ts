import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync } from "node:fs";

/** As the kernel's own limit, `MAXSYMLINKS`. */
const MAX_LINKS = 40;

/** <asm-generic/fcntl.h>, see open(2): names a file without opening it. Node has no name for it. */
const O_PATH = 0o10000000;

/** Bytes; a root file system from elsewhere shall not fill our memory. */
const MAX_SIZE = 4 * 1024 * 1024;

/**
 * Reads a file of a root file system that is not trusted, with symbolic links resolved as if the root file system were `/`
 * (as openat2(2) with RESOLVE_IN_ROOT), safe against a container that changes them meanwhile: each step opens one name,
 * following nothing, below a directory that is held open. Returns undefined where no such regular file exists.
 */
export function readRootfsFile(rootfs: string, path: string): string | undefined {
  const held = [openSync(rootfs, constants.O_RDONLY | constants.O_DIRECTORY)];
  try {
    return walk(held, path);
  } finally {
    for (const descriptor of held) closeSync(descriptor);
  }
}

/** `held` is the chain of open directories from the root file system to where the walk is. */
function walk(held: number[], path: string): string | undefined {
  const names = split(path);
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === "..") {
      ascend(held, 1);
      continue;
    }
    const here = `/proc/self/fd/${held.at(-1)}/${name}`;
    const target = linkTarget(here);
    if (target !== undefined) {
      links += 1;
      if (links > MAX_LINKS) return undefined;
      if (target.startsWith("/")) ascend(held, held.length);
      names.unshift(...split(target));
    } else if (names.length === 0) {
      return readRegular(here);
    } else {
      const directory = open(here, constants.O_DIRECTORY);
      if (directory === undefined) return undefined;
      held.push(directory);
    }
  }
  return undefined;
}

function split(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

/** Never above the root file system. */
function ascend(held: number[], levels: number): void {
  for (let level = 0; level < levels && held.length > 1; level += 1) closeSync(held.pop() as number);
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function open(path: string, flags: number): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | flags);
  } catch {
    return undefined;
  }
}

/** Looked at before it is opened: a container may have made the node of a device, and to open one can do something. */
function readRegular(path: string): string | undefined {
  const place = open(path, O_PATH);
  if (place === undefined) return undefined;
  try {
    const facts = fstatSync(place);
    return facts.isFile() && facts.size <= MAX_SIZE ? readFileSync(`/proc/self/fd/${place}`, "utf8") : undefined;
  } finally {
    closeSync(place);
  }
}
