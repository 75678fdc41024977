import type { Benchmark, Sample } from "../benchmark.ts";
import { type Argv, read, timeAloud } from "../command.ts";
import { type Part, parts, splitTime } from "../debug-spans.ts";
import { IMAGE, isTool } from "../peers/tool.ts";
import { openTsdTool } from "../peers/tsd.ts";

const FLOOR = "the whole command";
const NETWORK = "bench-profile";
const RUN = ["--network", NETWORK, "-p", "18199:80"] as const;

/** In this order, since each begins where the one before ends. */
const commands: readonly (readonly [measure: string, words: readonly string[]])[] = [
  ["run -d", ["run", "-d", "--name", "bench-p", ...RUN, IMAGE, "sleep", "600"]],
  ["rm -f", ["rm", "-f", "bench-p"]],
  ["run --rm", ["run", "--rm", ...RUN, IMAGE, "true"]],
  ["network create", ["network", "create", "--subnet", "10.216.1.0/24", "bench-q"]],
];

export const profile: Benchmark = {
  id: "profile",
  title: "Where the time goes",
  about:
    "The same commands of the executable, with --debug, which reports each step over its border. A moment belongs to the step that began last; where there is none, to tsd's own code. tsd makes the network while conmon and the runtime make the container. The lines of --debug cost some time themselves.",
  unit: "ms",
  measures: commands.map(([measure]) => measure),
  floor: FLOOR,
  effort: { quick: { turns: 2, seconds: 6 }, full: { turns: 10, seconds: 20 } },
  enter: async (lab) => {
    const tool = openTsdTool(lab);
    if (!isTool(tool)) return [{ ...tool, name: FLOOR }];
    const { command, env } = tool;
    read([...command, "network", "create", "--subnet", "10.216.0.0/24", NETWORK], { env });
    let latest: readonly (readonly [measure: string, spent: Readonly<Record<Part, number>>])[] = [];
    const sample = (): Sample => {
      const runs = commands.map(([measure, words]) => [measure, timeAloud(aloud(command, words), { env })] as const);
      read([...command, "network", "rm", "bench-q"], { env });
      latest = runs.map(([measure, { took, said }]) => [measure, splitTime(said, took)]);
      return Object.fromEntries(runs.map(([measure, { took }]) => [measure, took]));
    };
    const close = (): void => void read([...command, "network", "rm", NETWORK], { env });
    const ofPart = (name: Part): Sample => Object.fromEntries(latest.map(([measure, spent]) => [measure, spent[name]]));
    return [{ name: FLOOR, sample, close }, ...parts.map((name) => ({ name, sample: () => ofPart(name) }))];
  },
};

function aloud([program, ...leading]: Argv, words: readonly string[]): Argv {
  return [program, ...leading, "--debug", ...words];
}
