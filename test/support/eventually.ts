import { setTimeout as sleep } from "node:timers/promises";

/** Tries until nothing is thrown, for a minute at most; then throws what the last try threw. */
export async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(100);
    }
  }
}
