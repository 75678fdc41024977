import { TsdError } from "../../../src/errors/tsd-error.js";

/** What a killed process sees at everything it still tries, whatever it catches: the world no longer hears it. */
export class Killed extends Error {}

/** Where one process meets its fate: at the step of that number, counted from 0. Only the world outside can fail. */
export interface Fault {
  readonly kind: "failure" | "kill";
  readonly at: number;
  /** How many steps in a row fail; default 1. */
  readonly times?: number;
}

/** Counts the changes that one process makes to the world, and spoils one of them before it happens. */
export class Steps {
  private fault: Fault | undefined;
  private visit: { readonly at: number; readonly work: () => Promise<unknown> } | undefined;
  private turn: (() => Promise<void>) | undefined;
  private taken = 0;
  private acts = 0;
  private dead = false;
  /** Called when all that was committed so far is on the disk. */
  onSync: () => void = () => undefined;

  constructor(private readonly onKill: () => void) {}

  /** From the next step on, counted from one. */
  plan(fault: Fault | undefined): void {
    this.fault = fault;
    this.taken = 0;
  }

  /** Lets `work` happen as a whole before this process's act of that number, counted from now: another process was faster. */
  interrupt(at: number, work: () => Promise<unknown>): void {
    this.visit = { at, work };
    this.acts = 0;
  }

  /** Waits for `turn` before each act, so that those of several processes mix. */
  interleave(turn: () => Promise<void>): void {
    this.turn = turn;
  }

  /** No failure any more, since the part of the operation that must survive one is over. */
  spareFailures(): void {
    if (this.fault?.kind === "failure") this.fault = undefined;
  }

  /** True once the planned fault has happened. */
  get struck(): boolean {
    return this.fault !== undefined && this.taken > this.fault.at;
  }

  kill(): void {
    this.dead = true;
    this.onKill();
  }

  /** A change of the kernel or of a container's process: it can fail, and its process can die before it. */
  async act(what: string): Promise<void> {
    if (this.acts++ === this.visit?.at) await this.visit.work();
    await this.turn?.();
    this.take("kill");
    if (this.take("failure")) throw injected(what);
  }

  /** A transaction of the store, before which the process can die. */
  commit(): void {
    this.take("kill");
  }

  private take(kind: Fault["kind"]): boolean {
    if (this.dead) throw new Killed();
    if (this.fault?.kind !== kind) return false;
    const step = this.taken++;
    if (step < this.fault.at || step >= this.fault.at + (this.fault.times ?? 1)) return false;
    if (kind === "failure") return true;
    this.kill();
    throw new Killed();
  }
}

function injected(what: string): TsdError {
  return new TsdError({ kind: "kernel", code: "TSD_TEST_INJECTED", message: `cannot ${what}: injected` });
}
