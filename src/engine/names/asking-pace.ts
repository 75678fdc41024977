/** Questions that one container may have asked of other hosts in a second, and at once. */
const EACH_SECOND = 50;
const AT_ONCE = 100;
/** Containers that are remembered. One that is forgotten begins again. */
const MOST_KNOWN = 1024;

interface Allowance {
  readonly left: number;
  readonly at: number;
}

/** How much each container has other hosts asked: a flood of one must not be a flood of the cluster's state. */
export class AskingPace {
  private readonly allowances = new Map<string, Allowance>();

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(private readonly now: () => number) {}

  /** Counts a question; false, and nothing is counted, where the container has asked too much. */
  mayAsk(asker: string): boolean {
    const at = this.now();
    const before = this.allowances.get(asker) ?? { left: AT_ONCE, at };
    const left = Math.min(AT_ONCE, before.left + ((at - before.at) * EACH_SECOND) / 1000);
    this.allowances.delete(asker);
    this.allowances.set(asker, { left: left < 1 ? left : left - 1, at });
    const [oldest] = this.allowances.keys();
    if (this.allowances.size > MOST_KNOWN && oldest !== undefined) this.allowances.delete(oldest);
    return left >= 1;
  }
}
