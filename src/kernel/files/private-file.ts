import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { TsdError } from "../../errors/tsd-error.js";
import { fileError } from "../errno.js";

/** Of inode(7): anything for group or others. */
const OTHERS = 0o077;
/** Bytes; no key and no password is longer. */
const LONGEST = 65_536;

/**
 * The text of a file with a secret. Throws `permission` for one that another user than its owner may read or that belongs to another
 * user than root and the caller, `invalid-input` for what is no file of some bytes, and `kernel`. `what` says what the file is.
 */
export function readPrivateFile(path: string, what: string): string {
  const descriptor = open(path);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.size > LONGEST) throw unusable(path, what);
    const file = `${what} ${path}`;
    if (status.uid !== 0 && status.uid !== process.geteuid?.())
      throw exposed(path, file, `belongs to user ${status.uid}, and not to root`);
    if ((status.mode & OTHERS) !== 0) throw exposed(path, file, "can be used by other users");
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

/** A FIFO must not keep tsd waiting. */
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw fileError("read", path, error);
  }
}

function unusable(path: string, what: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_FILE_NO_SECRET",
    message: `${what} ${path} is not a file of at most ${LONGEST} bytes`,
    hint: "Name the file that has the secret, and nothing else.",
    details: { path },
  });
}

function exposed(path: string, file: string, why: string): TsdError {
  return new TsdError({
    kind: "permission",
    code: "TSD_FILE_EXPOSED",
    message: `${file} ${why}`,
    hint: `Keep it for root alone, and change the secret if others may have read it: chown root ${path} && chmod 600 ${path}`,
    details: { path },
  });
}
