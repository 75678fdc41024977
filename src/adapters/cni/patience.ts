import { setTimeout as sleep } from "node:timers/promises";
import { TsdError } from "../../errors/tsd-error.js";

/** Errors of a moment in which another process makes or removes the same network, on this host or on another. */
const passing = [
  ...["TSD_NETWORK_BUSY", "TSD_NETWORK_EXISTS", "TSD_NETWORK_DUPLICATE", "TSD_NETWORK_NOT_FOUND"],
  "TSD_CLUSTER_NETWORK_TAKEN",
];

/** Milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 20;

/** Repeats work that fails only because several first attachments to a network come at once. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  let deadline: number | undefined;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!TsdError.is(error) || !passing.includes(error.code)) throw error;
      // Not before: the first use of the clock costs 1.5 ms.
      deadline ??= performance.now() + PATIENCE;
      if (performance.now() > deadline) throw error;
      await sleep(PAUSE);
    }
  }
}
