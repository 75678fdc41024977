import type { Clock } from "./surroundings.js";

/** What is to be done at its time, although nothing is new then. */
export class Schedule<What extends string> {
  private readonly moments = new Map<What, number>();

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** Milliseconds until the first of all; undefined where nothing is planned. */
  get pause(): number | undefined {
    if (this.moments.size === 0) return undefined;
    return Math.max(0, Math.min(...this.moments.values()) - this.clock.now());
  }

  plan(what: What, milliseconds: number): void {
    this.moments.set(what, this.clock.now() + milliseconds);
  }

  forget(what: What): void {
    this.moments.delete(what);
  }

  clear(): void {
    this.moments.clear();
  }

  /** Whether its time is still to come. Forgets it once that has passed. */
  isAhead(what: What): boolean {
    const isAhead = (this.moments.get(what) ?? 0) > this.clock.now();
    if (!isAhead) this.forget(what);
    return isAhead;
  }

  /** Whether it is to be done now: `first` milliseconds after it was first wanted, and every `next` after that for as long as it is. */
  isTime(what: What, isWanted: boolean, first: number, next = first): boolean {
    const isPlanned = this.moments.has(what);
    if (!isWanted) this.forget(what);
    if (!isWanted || this.isAhead(what)) return false;
    this.plan(what, isPlanned ? next : first);
    return isPlanned;
  }
}
