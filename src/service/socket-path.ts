import { closeSync, constants, openSync } from "node:fs";
import { basename, dirname } from "node:path";

/** O_PATH of <fcntl.h>, which node:fs does not name: a handle that needs no permission to read. */
const O_PATH = 0o10000000;
/** `sun_path` holds 108 bytes with its final NUL; unix(7). */
const MAX_PATH = 107;

/** Calls `work`, which binds or connects at once, with an address that is short enough for the socket at `path`. */
export function atSocket<T>(path: string, work: (address: string) => T): T {
  if (Buffer.byteLength(path) <= MAX_PATH) return work(path);
  const directory = openSync(dirname(path), O_PATH | constants.O_DIRECTORY);
  try {
    return work(`/proc/self/fd/${directory}/${basename(path)}`);
  } finally {
    closeSync(directory);
  }
}
