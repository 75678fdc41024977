/** Says to one that waits that something is new; what comes while it is busy is one piece of news. */
export class News {
  private isNew = false;
  private wake: (() => void) | undefined;

  tell(): void {
    this.isNew = true;
    this.wake?.();
  }

  /** Waits until there is something new since it last returned, or until `signal` is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.isNew && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      this.wake = undefined;
    }
    this.isNew = false;
  }
}
