import { setTimeout as sleep } from "node:timers/promises";
import { isEmulated } from "./lab/emulation.js";

const PATIENCE = isEmulated ? 600_000 : 60_000;

/** Tries until nothing is thrown, for a minute at most, and ten under emulation; then throws what the last try threw. */
export async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + PATIENCE;
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
