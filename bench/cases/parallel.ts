import type { Benchmark, Entrant } from "../benchmark.ts";
import { type Argv, read, runTogether, timeAloud } from "../command.ts";
import { splitTime } from "../debug-spans.ts";
import { IMAGE, isTool, type Tool } from "../peers/tool.ts";
import { openTsdTool } from "../peers/tsd.ts";

const COUNT = 16;
const FLOOR = "one after the other";
const NETWORK = "bench-parallel";
const WALL = `${COUNT} × run -d`;
const STORE = "in the store, per command";

/** Names, as commands get them. */
const names: readonly string[] = Array.from({ length: COUNT }, (_, at) => `bench-at-once-${at}`);

interface Ran {
  /** Milliseconds of all commands. */
  readonly took: number;
  /** What each wrote with `--debug`. */
  readonly said: readonly string[];
}

export const parallel: Benchmark = {
  id: "parallel",
  title: "Commands at once",
  about: `${COUNT} containers start on one network, by commands one after the other and by as many at once. The time in the store has each transaction from the moment at which its command asks for the writer's lock: what it has more at once is the wait for others. The lines of --debug, from which it is known, cost some time themselves.`,
  unit: "ms",
  measures: [WALL, STORE],
  floor: FLOOR,
  effort: { quick: { turns: 1, seconds: 8 }, full: { turns: 5, seconds: 25 } },
  enter: async (lab) => {
    const tool = openTsdTool(lab);
    if (!isTool(tool)) return [{ ...tool, name: FLOOR }];
    const { command, env } = tool;
    read([...command, "network", "create", "--subnet", "10.217.0.0/24", NETWORK], { env });
    return [
      { ...enter(tool, oneByOne), close: () => void read([...command, "network", "rm", NETWORK], { env }) },
      { ...enter(tool, atOnce), name: "at once" },
    ];
  },
};

function enter(tool: Tool, run: (tool: Tool) => Ran | Promise<Ran>): Extract<Entrant, { sample: unknown }> {
  const { command, env } = tool;
  return {
    name: FLOOR,
    sample: async () => {
      const { took, said } = await run(tool);
      read([...command, "rm", "-f", ...names], { env });
      const inStore = said.map((lines) => splitTime(lines, took).store);
      return { [WALL]: took, [STORE]: inStore.reduce((sum, one) => sum + one, 0) / COUNT };
    },
  };
}

function oneByOne({ command, env }: Tool): Ran {
  const runs = names.map((name) => timeAloud(start(command, name), { env }));
  return { took: runs.reduce((sum, { took }) => sum + took, 0), said: runs.map(({ said }) => said) };
}

function atOnce({ command, env }: Tool): Promise<Ran> {
  return runTogether(
    names.map((name) => start(command, name)),
    { env },
  );
}

function start([program, ...leading]: Argv, name: string): Argv {
  return [program, ...leading, "run", "--debug", "-d", "--name", name, "--network", NETWORK, IMAGE, "sleep", "600"];
}
