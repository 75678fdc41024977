import { closeSync, readFileSync } from "node:fs";
import { findPlace, openName, openRoot, statusOfName } from "../kernel/files/place.js";

/** Bytes; a root file system from elsewhere shall not fill our memory. */
const MAX_SIZE = 4 * 1024 * 1024;

/**
 * Reads a file of a root file system that is not trusted; see {@link findPlace}. Returns undefined where no such regular file
 * exists. It is looked at before it is opened: a container may have made the node of a device, and to open one can do something.
 */
export function readRootfsFile(rootfs: string, path: string): string | undefined {
  const root = openRoot(rootfs);
  try {
    using place = findPlace(root, Buffer.from(path).toString("latin1"), { follow: true });
    const named = place === undefined ? undefined : openName(place);
    if (named === undefined) return undefined;
    try {
      const facts = statusOfName(named);
      return facts.isFile() && facts.size <= MAX_SIZE ? readFileSync(`/proc/self/fd/${named}`, "utf8") : undefined;
    } finally {
      closeSync(named);
    }
  } finally {
    closeSync(root);
  }
}
