import type { HostDrift, Step } from "../../api/index.js";
import type { Look } from "./seen.js";
import type { Surroundings } from "./surroundings.js";

/** Looks once: what is there, what differs, and what `reload` would do about it. */
export async function lookAtHost(surroundings: Surroundings, before: Look | undefined): Promise<Look> {
  using tsd = await surroundings.open({ leftWork: "if-idle", onWarning: () => undefined });
  // A map has no drift of volumes and of peers, and two checks may differ.
  const drifts = await tsd.system.check();
  const map = await tsd.system.map({ drifts });
  return { map, drifts, steps: await stepsFor(drifts, before, surroundings) };
}

/** The plan follows from the drift: what is there already is planned once. */
async function stepsFor(
  drifts: readonly HostDrift[],
  before: Look | undefined,
  { open }: Surroundings,
): Promise<readonly Step[]> {
  if (drifts.length === 0) return [];
  if (before !== undefined && JSON.stringify(before.drifts) === JSON.stringify(drifts)) return before.steps;
  const steps: Step[] = [];
  using planned = await open({ dryRun: (step) => steps.push(step), onWarning: () => undefined });
  await planned.system.reload();
  return steps;
}
