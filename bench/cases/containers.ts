import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { isInstalled, read, time } from "../command.ts";
import type { Lab } from "../lab.ts";
import { enterRuns, RUN_MEASURES } from "../peers/runs.ts";
import { isTool } from "../peers/tool.ts";
import { openTools } from "../peers/tools.ts";

const FLOOR = "crun run";
export const containers: Benchmark = {
  id: "containers",
  title: "A container with a published port",
  about:
    "On a network that exists, from an image that is loaded, one TCP port published. The floor is the OCI runtime alone: no network, no image, no ports, no supervisor.",
  unit: "ms",
  measures: RUN_MEASURES,
  floor: FLOOR,
  effort: { quick: { turns: 2, seconds: 10 }, full: { turns: 15, seconds: 40 } },
  enter: async (lab) => {
    const tools = await openTools(lab);
    return [enterCrun(lab), ...tools.map((tool, at) => (isTool(tool) ? enterRuns(tool, at) : tool))];
  },
};

function enterCrun(lab: Lab): Entrant {
  if (!isInstalled("crun")) return { name: FLOOR, reason: "not installed" };
  const bundle = join(lab.work, "bundle");
  mkdirSync(bundle);
  read(["sh", "-c", 'cd "$0" && crun spec', bundle]);
  const file = join(bundle, "config.json");
  const configuration = JSON.parse(readFileSync(file, "utf8"));
  const write = (args: readonly string[]): void => {
    const process = { ...configuration.process, terminal: false, args };
    writeFileSync(file, JSON.stringify({ ...configuration, process, root: { path: lab.rootfs } }));
  };
  return {
    name: FLOOR,
    sample: () => {
      write(["true"]);
      const run = time(["crun", "run", "--bundle", bundle, "bench-crun"]);
      write(["sleep", "600"]);
      const detached = time(["crun", "run", "--detach", "--bundle", bundle, "bench-crun"]);
      return { "run --rm": run, "run -d": detached, "rm -f": time(["crun", "delete", "--force", "bench-crun"]) };
    },
  };
}
