import type { LeftWork } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { joinFailures } from "../../errors/join-failures.js";

/** What a dead process can leave undone. */
export interface UnfinishedWork {
  isNeeded(): Promise<boolean>;
  run(): Promise<void>;
}

/** Returns what stopped it, if anything did. A backend that cannot be emptied keeps nothing else from being finished. */
export async function finishLeftWork(
  store: Pick<Store, "isIdle">,
  mode: LeftWork,
  works: readonly UnfinishedWork[],
): Promise<unknown> {
  const failures: unknown[] = [];
  if (mode === "leave") return undefined;
  for (const work of works) {
    // Who only looks takes no lock, and waits for none.
    if (mode === "if-idle" && !((await work.isNeeded()) && store.isIdle())) continue;
    await work.run().catch((error: unknown) => failures.push(error));
  }
  return failures.length === 0 ? undefined : joinFailures(failures);
}
