import type { Parts } from "../engine/contracts/parts.js";
import { disown } from "../engine/lifecycle/disown.js";
import { endSession } from "../kernel/process-identity.js";

/** Closes the store, and with it what its session owned: the process may live on. */
export function closeSession({ store, processes }: Pick<Parts, "store" | "processes">): void {
  try {
    if (store.hasWritten) disown({ store, processes });
  } catch {
    // It cannot be written. The next session of this process finishes what is left, and any process does once this one has ended.
  }
  try {
    store.close();
  } finally {
    endSession(processes.self());
  }
}
