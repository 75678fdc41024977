import type { Benchmark, Entrant, Sample } from "../benchmark.ts";
import { time } from "../command.ts";
import { isTool, type Tool } from "../peers/tool.ts";
import { enterTools, openTools } from "../peers/tools.ts";

export const coldStart: Benchmark = {
  id: "cold-start",
  title: "Cold start",
  about: "A command that only reads, from the shell's point of view. The floor is Node.js that does nothing.",
  unit: "ms",
  measures: ["--help", "network ls"],
  floor: "node -e 0",
  effort: { quick: { turns: 5, seconds: 6 }, full: { turns: 40, seconds: 20 } },
  enter: async (lab) => [
    {
      name: "node -e 0",
      sample: () => {
        const took = time([process.execPath, "-e", "0"], { env: lab.env });
        return { "--help": took, "network ls": took };
      },
    },
    ...(await enterTools(lab, start)),
    ...(await openTools(lab)).filter(isTool).flatMap((tool): readonly Entrant[] => {
      const byNode = { ...tool, env: { ...tool.env, TSD_NODE: process.execPath } };
      return tool.name === "tsd" ? [{ name: "tsd on Node.js", sample: () => start(byNode) }] : [];
    }),
  ],
};

function start({ command, env }: Tool): Sample {
  return {
    "--help": time([...command, "--help"], { env }),
    "network ls": time([...command, "network", "ls"], { env }),
  };
}
