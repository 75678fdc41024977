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
    return owner.bootId === readBootId() && this.isRunning(owner) && !hasEnded(owner);
  },

  isRunning({ pid, start }) {
    return startOf(pid) === start;
  },
};

/** Sessions of this process that have not ended. A process may have this module twice, as a program with plug-ins has. */
const SESSIONS = Symbol.for("@tsdnet/tsd sessions");

interface Sessions {
  last: number;
  readonly open: Set<number>;
}

function sessions(): Sessions {
  const place = globalThis as { [SESSIONS]?: Sessions };
  place[SESSIONS] ??= { last: 0, open: new Set() };
  return place[SESSIONS];
}

/** The same as a new session of this process sees it. It is an owner of its own, since the process may outlive what it does not finish. */
export function beginSession(): Processes {
  const all = sessions();
  all.last += 1;
  const session = all.last;
  all.open.add(session);
  let self: Owner | undefined;
  return {
    ...processes,
    self() {
      self ??= { ...processes.self(), session };
      return self;
    },
  };
}

/** From now on what it owns has no living owner. */
export function endSession({ session }: Owner): void {
  if (session !== undefined) sessions().open.delete(session);
}

function hasEnded({ pid, session }: Owner): boolean {
  return session !== undefined && pid === process.pid && !sessions().open.has(session);
}

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
