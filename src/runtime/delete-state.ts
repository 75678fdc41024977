import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../contracts/clock.js";
import type { Bundle } from "./bundle.js";
import type { RuntimeProgram } from "./runtime-program.js";

/** Milliseconds that another process's runtime may take to delete the same container. */
const PATIENCE = 1000;

/**
 * Has the runtime forget a container, if it knows it and keeps more of a dead one than what is removed here. A runtime whose tsd
 * was killed may be at the same, and each fails on what the other has taken away: that is no failure where the container is
 * forgotten in the end.
 */
export async function deleteState(
  runtime: () => Pick<RuntimeProgram, "run" | "keepsOnlyFiles">,
  bundle: Bundle,
): Promise<void> {
  // Without state nothing was made, or all is undone already; versions of runtimes differ on whether that is an error.
  if (!bundle.hasState()) return;
  const program = runtime();
  if (program.keepsOnlyFiles) return;
  try {
    await program.run(bundle, "delete", "delete", "--force", bundle.id);
  } catch (error) {
    const deadline = monotonicTime() + PATIENCE;
    while (bundle.hasState() && monotonicTime() < deadline) await sleep(5);
    if (bundle.hasState()) throw error;
  }
}
