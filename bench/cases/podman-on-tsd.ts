import type { Benchmark, Entrant } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { openPodman } from "../peers/podman.ts";
import { enterRuns, RUN_MEASURES } from "../peers/runs.ts";
import { isTool } from "../peers/tool.ts";

const FLOOR = "podman on netavark";
/** Numbers of the contenders, behind those of the other benchmark of containers. */
const FIRST = 10;

export const podmanOnTsd: Benchmark = {
  id: "podman-on-tsd",
  title: "podman, with networks of tsd's",
  about:
    "podman runs and removes a container with one TCP port published. In one contender its networks are netavark's, in the other tsd's, in netavark's place (helper_binaries_dir). Each has storage and state of its own.",
  unit: "ms",
  measures: RUN_MEASURES,
  floor: FLOOR,
  effort: { quick: { turns: 1, seconds: 8 }, full: { turns: 11, seconds: 25 } },
  enter: async (lab) => [enter(lab, FLOOR, FIRST), enter(lab, "podman on tsd", FIRST + 1)],
};

function enter(lab: Lab, name: string, at: number): Entrant {
  const tool = openPodman(lab, name === FLOOR ? "netavark" : "tsd");
  if (!isTool(tool)) return { name, reason: tool.reason };
  const runs = enterRuns({ ...tool, name }, at);
  if ("reason" in runs) return runs;
  const close = async (): Promise<void> => {
    await runs.close?.();
    await tool.close();
  };
  return { ...runs, close };
}
