/** Milliseconds after which what is at work counts as waiting: nobody else may have to wait for what a container decides. */
const LONGEST = 500;

/** Has a few work side by side, and the others in the order in which they come. */
export class Turns {
  private readonly waiting = new Set<() => void>();
  private taken = 0;

  constructor(private readonly most: number) {}

  /** Does `work` in a turn, which ends with it, or before it where it lasts. Throws where `signal` is aborted before the turn comes. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.begin(signal);
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.pass();
      isOver = true;
    };
    const timer = setTimeout(end, LONGEST);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      end();
    }
  }

  private begin(signal: AbortSignal): Promise<void> {
    if (this.taken < this.most) {
      this.taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const come = (): void => {
        signal.removeEventListener("abort", give);
        resolve();
      };
      const give = (): void => {
        this.waiting.delete(come);
        reject(signal.reason);
      };
      this.waiting.add(come);
      signal.addEventListener("abort", give, { once: true });
    });
  }

  /** To the one that has waited longest. */
  private pass(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.taken--;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
