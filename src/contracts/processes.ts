/** The process that a row in transition belongs to. The three together name one process for ever. */
export interface Owner {
  readonly pid: number;
  /** Clock ticks since boot at which `pid` started. */
  readonly start: number;
  readonly bootId: string;
}

/** Which processes live. Cheap enough to ask at every command. */
export interface Processes {
  /** The calling process. */
  self(): Owner;
  isAlive(owner: Owner): boolean;
  /** True while the process with this pid is the one that started at `start` clock ticks. */
  isRunning(process: { readonly pid: number; readonly start: number }): boolean;
}

export function sameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.start === b.start && a.bootId === b.bootId;
}
