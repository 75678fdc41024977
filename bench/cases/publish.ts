import { join } from "node:path";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { read, time } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { inHost, openHost, whyNoHost } from "../host.ts";
import type { Lab } from "../lab.ts";
import { IMAGE } from "../peers/tool.ts";
import { NETWORK } from "../worker-protocol.ts";

const PRESENT = { quick: [0, 60_000], full: [0, 1000, 60_000] } as const;
const FLOOR = nameOf(0);

export const publish: Benchmark = {
  id: "publish",
  title: "Publish one port beside many",
  about:
    "One more TCP port while the given number is published already, each on a host of its own: by an attachment within a process, and by `tsd run --rm -p` as a whole.",
  unit: "ms",
  measures: ["attach, in process", "run --rm -p"],
  floor: FLOOR,
  effort: { quick: { turns: 2, seconds: 8 }, full: { turns: 15, seconds: 30 } },
  enter: async (lab) => {
    const entrants: Entrant[] = [];
    for (const present of PRESENT[lab.mode]) entrants.push(await enterTsd(lab, present));
    return entrants;
  },
};

async function enterTsd(lab: Lab, present: number): Promise<Entrant> {
  const name = nameOf(present);
  const reason = whyNoHost(lab);
  if (reason !== undefined) return { name, reason };
  try {
    const host = await openHost(lab, present);
    const program = join(lab.project, "bin/tsd");
    const tsd = inHost(host.netns, [program]);
    read([...tsd, "image", "import", lab.archive, IMAGE], { env: host.env });
    const run = ["run", "--rm", "--network", NETWORK, "-p", "1500:80", IMAGE, "true"];
    return {
      name,
      sample: async () => ({
        "attach, in process": (await host.attach({ attached: ["1500:80"] })).attach,
        "run --rm -p": time([...tsd, ...run], { env: host.env }),
      }),
      close: host.close,
    };
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
}

function nameOf(present: number): string {
  return `tsd, ${present.toLocaleString("en-US")} present`;
}
