import type { Absent, Benchmark, Entrant } from "../benchmark.ts";
import { read, time } from "../command.ts";
import { openPodman } from "../peers/podman.ts";
import { enterRuns, RUN_MEASURES } from "../peers/runs.ts";
import { isTool, type Tool } from "../peers/tool.ts";
import { openTsdTool } from "../peers/tsd.ts";

const FLOOR = "podman";
/** Numbers of the contenders, behind those of other benchmarks of containers. */
const FIRST = 20;

export const startAndEnd: Benchmark = {
  id: "start-and-end",
  title: "Start and end of a container, beside podman",
  about:
    "A container with one TCP port published comes and goes, and so does a network. podman makes a network's bridge with its first container; tsd makes it at once. After each run both have nothing left.",
  unit: "ms",
  measures: [...RUN_MEASURES, "network create"],
  floor: FLOOR,
  effort: { quick: { turns: 2, seconds: 10 }, full: { turns: 15, seconds: 45 } },
  enter: async (lab) => [
    enter({ ...openPodman(lab), name: FLOOR }, FIRST),
    enter(openTsdTool(lab), FIRST + 1),
    enter(openTsdTool(lab, "tsd on Node.js"), FIRST + 2),
  ],
};

function enter(tool: Tool | Absent, at: number): Entrant {
  if (!isTool(tool)) return tool;
  const runs = enterRuns(tool, at);
  if ("reason" in runs) return runs;
  const { command, env } = tool;
  return {
    ...runs,
    sample: async () => {
      const sample = await runs.sample();
      const create = time([...command, "network", "create", "--subnet", `10.215.${at}.0/24`, "bench-new"], { env });
      read([...command, "network", "rm", "bench-new"], { env });
      return { ...sample, "network create": create };
    },
    close: async () => {
      await runs.close?.();
      await tool.close();
    },
  };
}
