import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import type { Owner, Processes } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { isAbsence } from "./errno.js";

/** Dead but not yet waited for, or dead and leaving: nothing of theirs runs any more. */
const deadStates = new Set(["Z", "X", "x"]);

/** Which processes live, as /proc has it. Reads no more than one small file per question. */
export const processes: Processes = {
  self() {
    own ??= readSelf();
    return own;
  },

  isAlive(owner) {
    return owner.bootId === readBootId() && this.isRunning(owner);
  },

  isRunning({ pid, start }) {
    return startOf(pid) === start;
  },
};

let own: Owner | undefined;

function readSelf(): Owner {
  const status = readStatus(process.pid);
  if (status === undefined) throw noProc();
  return { pid: process.pid, start: status.start, bootId: readBootId() };
}

/** Start time of a process in clock ticks since boot; undefined for one that is gone or only waits to be reaped. */
export function startOf(pid: number): number | undefined {
  const status = readStatus(pid);
  return status === undefined || deadStates.has(status.state) ? undefined : status.start;
}

/**
 * State and start time from a line of /proc/PID/stat. The second field is the name in parentheses, which may hold spaces
 * and parentheses itself. Undefined for any other text.
 */
export function parseStatus(line: string): { readonly state: string; readonly start: number } | undefined {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ", 20);
  const [state] = fields;
  const start = Number(fields[19]);
  return state === undefined || !Number.isSafeInteger(start) ? undefined : { state, start };
}

/** For as much as {@link parseStatus} looks at; made once, since a command asks of each container that runs. */
let buffer: Buffer | undefined;

function readStatus(pid: number): ReturnType<typeof parseStatus> {
  try {
    const file = openSync(`/proc/${pid}/stat`, "r");
    try {
      buffer ??= Buffer.allocUnsafe(1024);
      return parseStatus(buffer.toString("latin1", 0, readSync(file, buffer)));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    // A process that cannot be asked about, for lack of descriptors say, may well live.
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function noProc(): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_PROC_MISSING",
    message: `/proc does not show this process, ${process.pid}, so that nobody can be said to live or to be dead`,
    hint: "Mount it, for the process namespace that tsd is called in: mount -t proc proc /proc",
  });
}

let bootId: string | undefined;

function readBootId(): string {
  bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return bootId;
}
