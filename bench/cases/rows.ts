import type { Benchmark, Entrant } from "../benchmark.ts";
import { read, time } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { copyRows } from "../copies.ts";
import type { Lab } from "../lab.ts";
import { IMAGE, isTool } from "../peers/tool.ts";
import { openTsdTool } from "../peers/tsd.ts";

const ROWS: Readonly<Record<Lab["mode"], readonly number[]>> = { quick: [1, 1000], full: [1, 100, 1000] };
const FLOOR = nameOf(1);

export const rows: Benchmark = {
  id: "rows",
  title: "Lists of many rows",
  about:
    "Commands that print a line for each container or network, each on a state of its own that has the given number of both. All but the first are copies in the state database, since these commands read rows alone.",
  unit: "ms",
  measures: ["ps -a", "network ls"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 4 }, full: { turns: 15, seconds: 15 } },
  enter: async (lab) => ROWS[lab.mode].map((count) => enter(lab, count)),
};

function enter(lab: Lab, count: number): Entrant {
  const name = nameOf(count);
  const tool = openTsdTool(lab);
  if (!isTool(tool)) return { ...tool, name };
  const { command, env } = tool;
  const network = `bench-rows-${count}`;
  const bridge = `rows${count}`;
  try {
    read([...command, "network", "create", "--internal", "-o", `name=${bridge}`, network], { env });
    read([...command, "create", "--network", network, IMAGE, "true"], { env });
    copyRows(env.TSD_ROOT ?? "", count);
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
  return {
    name,
    sample: () => ({
      "ps -a": time([...command, "ps", "-a"], { env }),
      "network ls": time([...command, "network", "ls"], { env }),
    }),
    // By itself, since tsd would look for what the copies list.
    close: () => void read(["ip", "link", "del", bridge]),
  };
}

function nameOf(count: number): string {
  return `tsd, ${count.toLocaleString("en-US")} of each`;
}
