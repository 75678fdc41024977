import type { ClusterChange } from "../contracts/index.js";
import { backOff } from "./pace.js";
import type { Clock } from "./surroundings.js";

/** Milliseconds without a vain offer after which the next one is the first. */
const CALM = 60_000;

/** Has offers in vain follow each other ever more slowly: those that another host overtakes, and those that others undo. */
export class OfferPace {
  private readonly written = new Map<string, string>();
  private failures = 0;
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Pick<Clock, "now" | "random">) {}

  /** What was written may have gone without anyone's intent: the state was put back. */
  forget(): void {
    this.written.clear();
  }

  /** Milliseconds before the offer after this one. */
  pauseAfter({ put, remove }: ClusterChange, isCommitted: boolean): number {
    const isVain = !isCommitted || put.some(({ key, value }) => this.written.get(key) === value);
    if (isCommitted) {
      for (const { key, value } of put) this.written.set(key, value);
      for (const key of remove) this.written.delete(key);
    }
    if (!isVain) return 0;
    const now = this.clock.now();
    this.failures = now - this.last > CALM ? 0 : this.failures + 1;
    this.last = now;
    return backOff(this.failures, this.clock.random());
  }
}
