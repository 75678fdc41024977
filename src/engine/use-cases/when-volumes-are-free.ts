import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../../contracts/clock.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Milliseconds that another command may take to fill a volume. */
const patience = 60_000;

/** Plans something, once the volumes are there that another command makes or fills. */
export async function whenVolumesAreFree<T>(plan: () => T): Promise<T> {
  const deadline = monotonicTime() + patience;
  for (;;) {
    try {
      return plan();
    } catch (error) {
      if (!TsdError.is(error) || error.code !== "TSD_VOLUME_BUSY" || monotonicTime() > deadline) throw error;
    }
    await sleep(20);
  }
}
