import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../src/agent/surroundings.js";

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return this.time;
  }

  random(): number {
    return 0.5;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = {
        until: this.time + milliseconds,
        wake: () => {
          this.sleepers.delete(sleeper);
          resolve();
        },
      };
      if (signal.aborted) return resolve();
      this.sleepers.add(sleeper);
      signal.addEventListener("abort", sleeper.wake, { once: true });
    });
  }

  /** Lets that many milliseconds pass, and all that follows from them happen. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...this.sleepers].sort((a, b) => a.until - b.until);
      if (next === undefined || next.until > end) break;
      this.time = Math.max(this.time, next.until);
      next.wake();
    }
    this.time = end;
  }
}

/** All that can go on without time passing goes on. */
async function settle(): Promise<void> {
  for (let at = 0; at < 20; at++) await turn();
}
