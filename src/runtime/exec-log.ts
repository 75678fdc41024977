/** What a runtime wrote to the log of an exec. */
export interface ExecLog {
  /** Its own complaint, if it had one: its exit code alone could be the command's. */
  readonly complaint: string | undefined;
  /** What the command wrote to its terminal just before it ended. */
  readonly unread: Buffer;
}

/** crun's `flush_fd_to_err` reads into 256 bytes, of which the last is a NUL. */
const PIECE = 255;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Takes entries of JSON and the command's last output apart: what crun has not copied from a terminal when the command
 * ends, it writes to the log as it is, in pieces with a newline after each.
 */
export function parseExecLog(log: Buffer): ExecLog {
  const entries = log.toString().split("\n").map(parseEntry);
  const complaint = entries.findLast((entry) => entry?.level === "error")?.msg;
  return { complaint, unread: entries[0] === undefined ? joinPieces(log) : Buffer.alloc(0) };
}

interface Entry {
  readonly level?: string;
  readonly msg?: string;
}

/** Undefined for any other line. */
function parseEntry(line: string): Entry | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function joinPieces(log: Buffer): Buffer {
  return log.includes("\r\n") ? joinTranslated(log) : joinFull(log);
}

/** Where the terminal writes each newline as CR LF (termios(3), ONLCR), every other newline ends a piece, of any length. */
function joinTranslated(log: Buffer): Buffer {
  return Buffer.from(log.filter((octet, at) => octet !== NEWLINE || log[at - 1] === RETURN));
}

/** Elsewhere a newline after a piece of another length may be the command's own. */
function joinFull(log: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < log.length; ) {
    const isFull = log[at + PIECE] === NEWLINE;
    const end = isFull ? at + PIECE : log.length - 1;
    pieces.push(log.subarray(at, end));
    at = end + 1;
  }
  return Buffer.concat(pieces);
}
