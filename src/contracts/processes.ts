import type { RuntimeProcess } from "../api/index.js";

/** The process that a row in transition belongs to. Pid, start time and boot together name one process for ever. */
export interface Owner extends RuntimeProcess {
  readonly bootId: string;
  /** Which of the sessions of that process, which ends before it. Other processes cannot see whether it has. */
  readonly session?: number;
}

/** Which processes live. Cheap enough to ask at every command. */
export interface Processes {
  /** The calling process, or its session. */
  self(): Owner;
  /** False also for a session of this process that has ended, and for a process of an earlier boot, whose pid and start time may have come again. */
  isAlive(owner: Owner): boolean;
  /** True while the process with this pid is the one that started then. A zombie is dead. */
  isRunning(process: RuntimeProcess): boolean;
}

export function sameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.start === b.start && a.bootId === b.bootId && a.session === b.session;
}

/** The owner of what is left to any process of this boot. */
export function nobody(bootId: string): Owner {
  return { pid: 0, start: 0, bootId };
}
