import type { RuntimeProcess } from "../api/index.js";

/** The process that a row in transition belongs to. The three together name one process for ever. */
export interface Owner extends RuntimeProcess {
  readonly bootId: string;
}

/** Which processes live. Cheap enough to ask at every command. */
export interface Processes {
  /** The calling process. */
  self(): Owner;
  /** False also for a process of an earlier boot, whose pid and start time may have come again. */
  isAlive(owner: Owner): boolean;
  /** True while the process with this pid is the one that started then. A zombie is dead. */
  isRunning(process: RuntimeProcess): boolean;
}

export function sameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.start === b.start && a.bootId === b.bootId;
}
