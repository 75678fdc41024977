import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { constants as system, tmpdir } from "node:os";
import { dirname } from "node:path";
import { getSystemErrorMessage } from "node:util";

/**
 * Loads a native add-on that is part of the executable. The dynamic linker wants a file: a nameless one, of which no other user
 * can put anything in the place, and which leaves nothing. The runtime's own way leaves a file with a name that is known
 * beforehand in /tmp, and fails where programs in /tmp may not run.
 */
export function loadAddon(path: string): unknown {
  const bytes = readFileSync(path);
  // In memory first: a file system on a disk may wait for its journal.
  const directories = ["/dev/shm", tmpdir(), "/var/tmp", dirname(process.execPath)];
  let failure: unknown;
  for (const directory of directories) {
    try {
      return loadBy(directory, bytes);
    } catch (error) {
      failure = error;
    }
  }
  throw asSystemError(failure);
}

/** dlopen(3) gives the error of a system call at the end of a sentence, and there alone. */
function asSystemError(error: unknown): unknown {
  const sentence = String((error as Error).message).toLowerCase();
  const [code, errno] =
    Object.entries(system.errno).find(([, number]) => sentence.endsWith(getSystemErrorMessage(-number))) ?? [];
  return code === undefined
    ? error
    : Object.assign(new Error(sentence), { code, errno, syscall: "load", path: "libc" });
}

function loadBy(directory: string, bytes: Buffer): unknown {
  const file = openSync(directory, constants.O_RDWR | O_TMPFILE, 0o600);
  try {
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(file, rest));
    const module = { exports: {} };
    process.dlopen(module, `/proc/self/fd/${file}`);
    return module.exports;
  } finally {
    closeSync(file);
  }
}

/** As in fcntl(2), with O_DIRECTORY, which it includes. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
