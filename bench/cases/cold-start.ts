import type { Benchmark } from "../benchmark.ts";
import { time } from "../command.ts";
import { enterTools } from "../peers/tools.ts";

export const coldStart: Benchmark = {
  id: "cold-start",
  title: "Cold start",
  about: "A command that only reads, from the shell's point of view. The floor is the same Node.js that does nothing.",
  unit: "ms",
  measures: ["--help", "network ls"],
  floor: "node -e 0",
  effort: { quick: { turns: 10, seconds: 15 }, full: { turns: 40, seconds: 60 } },
  enter: async (lab) => [
    {
      name: "node -e 0",
      sample: () => {
        const took = time([process.execPath, "-e", "0"], { env: lab.env });
        return { "--help": took, "network ls": took };
      },
    },
    ...(await enterTools(lab, ({ command, env }) => ({
      "--help": time([...command, "--help"], { env }),
      "network ls": time([...command, "network", "ls"], { env }),
    }))),
  ],
};
