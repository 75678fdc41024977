/**
 * Decides which of several processes goes on, one act at a time. Those that wait for each other poll by the clock, so that
 * nobody is ever waited for: any process in line at a moment may be next.
 */
export class Turns {
  private readonly line: (() => void)[] = [];
  private taken = 0;

  /** `choices` says who of those in line is next, again and again. */
  constructor(private readonly choices: readonly number[]) {}

  /** Settles when the caller may go on. */
  take(): Promise<void> {
    return new Promise((resolve) => this.line.push(resolve));
  }

  /** Gives turns until `work` has settled. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    over.catch(() => undefined);
    while (!isOver) {
      const choice = this.choices[this.taken++ % this.choices.length] ?? 0;
      const [next] = this.line.splice(choice % Math.max(1, this.line.length), 1);
      next?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return over;
  }
}
