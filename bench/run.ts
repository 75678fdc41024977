/**
 * Measures tsd beside its peers and writes docs/PERFORMANCE.md, docs/performance/results.json and the plots there.
 *
 *   node bench/run.ts [--quick] [--only ID[,ID…]]
 *
 * With --quick (some turns of each) or --only it prints and writes nothing.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Result } from "./benchmark.ts";
import { acrossHosts, connectionsAcrossHosts, runAcrossHosts, workAcrossHosts } from "./cases/across-hosts.ts";
import { attach } from "./cases/attach.ts";
import { cni } from "./cases/cni.ts";
import { coldStart } from "./cases/cold-start.ts";
import { connections } from "./cases/connections.ts";
import { containers } from "./cases/containers.ts";
import { dockerOnTsd } from "./cases/docker-on-tsd.ts";
import { engineApi } from "./cases/engine-api.ts";
import { names, namesCost } from "./cases/names.ts";
import { networks } from "./cases/networks.ts";
import { parallel } from "./cases/parallel.ts";
import { podmanOnTsd } from "./cases/podman-on-tsd.ts";
import { profile } from "./cases/profile.ts";
import { publish } from "./cases/publish.ts";
import { rows } from "./cases/rows.ts";
import { scale } from "./cases/scale.ts";
import { startAndEnd } from "./cases/start-and-end.ts";
import { throughput } from "./cases/throughput.ts";
import { watchCgroups } from "./cgroups.ts";
import { closeLab, openLab } from "./lab.ts";
import { measure } from "./measure.ts";
import { closeTools } from "./peers/tools.ts";
import { describeMachine } from "./report/machine.ts";
import { formatResult } from "./report/table.ts";
import { writeReport } from "./report/write-report.ts";
import { enterWorld, furnishWorld, isInsideWorld } from "./world.ts";

const benchmarks = [
  coldStart,
  networks,
  containers,
  startAndEnd,
  profile,
  cni,
  podmanOnTsd,
  dockerOnTsd,
  engineApi,
  attach,
  publish,
  scale,
  rows,
  parallel,
  connections,
  throughput,
  names,
  namesCost,
  acrossHosts,
  connectionsAcrossHosts,
  workAcrossHosts,
  runAcrossHosts,
];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const project = join(import.meta.dirname, "..");
const only = values.only?.split(",");

if (process.getuid?.() !== 0) {
  console.error("bench: root is needed, for namespaces");
  process.exitCode = 1;
} else if (isInsideWorld()) await runInside();
else process.exitCode = enterWorld(join(import.meta.dirname, "run.ts"), process.argv.slice(2));

async function runInside(): Promise<void> {
  const mode = values.quick ? "quick" : "full";
  furnishWorld(project);
  const removeCgroups = watchCgroups();
  const lab = openLab(project, mode);
  const results: Result[] = [];
  try {
    for (const benchmark of benchmarks.filter(({ id }) => only?.includes(id) ?? true)) {
      console.error(`bench: ${benchmark.title}`);
      const begun = performance.now();
      const measured = await measure(benchmark, lab);
      console.error(`bench: ${benchmark.id} took ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      results.push(...measured);
      for (const result of measured) console.log(`\n${formatResult(result)}`);
    }
    // Before anything is put away, which may fail.
    if (mode === "full" && only === undefined) writeReport({ project, results, machine: describeMachine() });
  } finally {
    await closeTools();
    removeCgroups();
    closeLab(lab);
  }
}
