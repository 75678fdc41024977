import type { Host } from "../lab/host.js";
import { disagreements } from "./disagreements.js";
import { Model } from "./model.js";
import { readStoreRows } from "./store-rows.js";
import { emptyTally, type Tally } from "./tally.js";
import { Worker } from "./worker.js";

export interface SoakPlan {
  readonly seed: number;
  readonly processes: number;
  /** Commands that each process gives in a round. */
  readonly commands: number;
  /** True while another round is to come. */
  readonly goesOn: (tally: Tally) => boolean;
}

/**
 * Has many processes of tsd at work at once, round by round; after each, while all pause, compares what they were told
 * with the store, and the store with the kernel. Removes everything at the end. Stops at the first thing that is wrong.
 */
export async function soak(host: Host, { seed, processes, commands, goesOn }: SoakPlan): Promise<Tally> {
  const model = new Model();
  const tally = emptyTally(processes);
  const workers = Array.from({ length: processes }, (_, number) => new Worker(host, model, { seed, number }));
  while (tally.failed.length === 0 && goesOn(tally)) {
    await Promise.all(workers.map((worker) => worker.give(commands, tally)));
    await briefOnesGone(host, model);
    tally.failed.push(...(await disagreements(host, model)));
    tally.rounds++;
  }
  await removeAll(host);
  return tally;
}

/** Waits for containers that end by themselves; one that stays is found as an orphan afterwards. */
async function briefOnesGone({ root }: Host, { brief }: Model): Promise<void> {
  const deadline = Date.now() + 20_000;
  const isThere = (): boolean => readStoreRows(root).containers.some(({ id }) => brief.has(id));
  while (isThere() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function removeAll(host: Host): Promise<void> {
  const names = (await host.mustTsd(["ps", "-a", "--format", "{{.Names}}"])).split("\n").filter(Boolean);
  if (names.length > 0) await host.mustTsd(["rm", "-f", ...names], { timeout: 120_000 });
  await host.mustTsd(["network", "prune", "--force"], { timeout: 60_000 });
  // The default network goes by the settings alone.
  await host.mustTsd(["system", "init", "--bridge", "none"], { timeout: 60_000 });
  await host.mustTsd(["system", "init", "--reset"]);
}
