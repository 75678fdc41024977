import type { Absent, Benchmark, Contender, Entrant, Result, Row, Sample } from "./benchmark.ts";
import { complaintOf } from "./complaint.ts";
import type { Lab } from "./lab.ts";
import { summarise } from "./statistics.ts";

/** Turns before the ones that count. */
const WARM_UP = 1;

/**
 * Lets all contenders of a benchmark take turns, so that what else the machine does hits all alike, and returns one result
 * per measure. A contender that fails is out, with the reason.
 */
export async function measure(benchmark: Benchmark, lab: Lab): Promise<readonly Result[]> {
  const entrants = await benchmark.enter(lab);
  const samples = new Map<string, Sample[]>();
  const failures = new Map<string, string>();
  try {
    const { turns, seconds } = benchmark.effort[lab.mode];
    const end = performance.now() + seconds * 1000;
    for (let turn = -WARM_UP; turn < turns && (turn <= 0 || performance.now() < end); turn++)
      for (const contender of entrants.filter(isPresent)) {
        if (failures.has(contender.name)) continue;
        try {
          const sample = await contender.sample();
          if (turn >= 0) samples.set(contender.name, [...(samples.get(contender.name) ?? []), sample]);
        } catch (error) {
          failures.set(contender.name, complaintOf(error));
        }
      }
  } finally {
    for (const contender of entrants.filter(isPresent)) await contender.close?.();
  }
  return benchmark.measures.map((name) => summariseMeasure(benchmark, name, { entrants, samples, failures }));
}

interface Outcome {
  readonly entrants: readonly Entrant[];
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  readonly failures: ReadonlyMap<string, string>;
}

function summariseMeasure(benchmark: Benchmark, name: string, outcome: Outcome): Result {
  const valuesOf = (contender: string): readonly number[] =>
    (outcome.samples.get(contender) ?? []).flatMap((sample) => sample[name] ?? []);
  const floor = summarise(valuesOf(benchmark.floor)).median;
  const rows = outcome.entrants.flatMap((entrant): Row[] => {
    if (!isPresent(entrant)) return [entrant];
    const failure = outcome.failures.get(entrant.name);
    if (failure !== undefined) return [{ name: entrant.name, reason: failure }];
    const values = valuesOf(entrant.name);
    if (values.length === 0) return [];
    const summary = summarise(values);
    return [{ name: entrant.name, summary, ratio: floor > 0 ? summary.median / floor : undefined }];
  });
  const { id, title, about, unit } = benchmark;
  return { id, title, about, measure: name, unit, floor: benchmark.floor, rows };
}

function isPresent(entrant: Entrant): entrant is Contender {
  return !isAbsent(entrant);
}

function isAbsent(entrant: Entrant): entrant is Absent {
  return "reason" in entrant;
}
