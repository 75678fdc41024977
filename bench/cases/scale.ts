import { join } from "node:path";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { type Argv, read, time } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { type Host, inHost, openHost, whyNoHost } from "../host.ts";
import type { Lab } from "../lab.ts";
import { IMAGE } from "../peers/tool.ts";
import type { Population } from "../populate.ts";
import { NETWORK } from "../worker-protocol.ts";

/** How much is there: containers, networks beside theirs, and published ports, as ranges and one by one. */
interface Present {
  readonly containers: number;
  readonly networks: number;
  readonly ports: number;
}

const LEAST: Present = { containers: 1, networks: 0, ports: 0 };
const PRESENT: Readonly<Record<Lab["mode"], readonly Present[]>> = {
  quick: [LEAST, { containers: 100, networks: 20, ports: 10_000 }],
  full: [
    LEAST,
    { containers: 10, networks: 5, ports: 1000 },
    { containers: 100, networks: 20, ports: 10_000 },
    { containers: 500, networks: 100, ports: 60_000 },
    { containers: 1000, networks: 100, ports: 60_000 },
  ],
};
const FLOOR = nameOf(LEAST);
const MEASURES = [
  "network create",
  "network rm",
  "run -d",
  "explain",
  "rm -f",
  "ps -a",
  "network ls",
  "check",
  "reload",
] as const;

export const scale: Benchmark = {
  id: "scale",
  title: "Commands beside many containers",
  about:
    "Each on a host of its own, whose state has the given number of created containers, other networks and published ports, half of them in ranges; as many namespaces are attached, 200 at most. The ratio is the slope: what a command changes is the same on each. Only ps -a, network ls, check and reload have more to show or to compare.",
  unit: "ms",
  measures: MEASURES,
  floor: FLOOR,
  effort: { quick: { turns: 1, seconds: 12 }, full: { turns: 5, seconds: 45 } },
  enter: async (lab) => {
    const entrants: Entrant[] = [];
    for (const present of PRESENT[lab.mode]) entrants.push(await enterTsd(lab, present));
    return entrants;
  },
};

async function enterTsd(lab: Lab, present: Present): Promise<Entrant> {
  const name = nameOf(present);
  const reason = whyNoHost(lab);
  if (reason !== undefined) return { name, reason };
  try {
    const host = await openHost(lab, present.ports, { inRanges: true });
    const program = join(lab.project, "bin/tsd");
    const tsd = inHost(host.netns, [program]);
    read([...tsd, "image", "import", lab.archive, IMAGE], { env: host.env });
    const namespaces = populate(lab, host, present);
    const took = (...words: readonly string[]): number => time([...tsd, ...words], { env: host.env });
    return {
      name,
      sample: () => ({
        "network create": took("network", "create", "--subnet", "10.217.0.0/24", "more"),
        "network rm": took("network", "rm", "more"),
        "run -d": took("run", "-d", "--name", "one-more", "--network", NETWORK, IMAGE, "sleep", "600"),
        explain: took("explain", "one-more", "192.0.2.2:80"),
        "rm -f": took("rm", "-f", "one-more"),
        "ps -a": took("ps", "-a"),
        "network ls": took("network", "ls"),
        check: took("check"),
        reload: took("reload"),
      }),
      close: async () => {
        await host.close();
        for (const netns of namespaces) read(["ip", "netns", "del", netns]);
      },
    };
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
}

/** Returns the names of the namespaces that it makes. */
function populate(lab: Lab, host: Host, { containers, networks }: Present): readonly string[] {
  // A /24 has no room for more, and the others cost what containers that do not run cost.
  const names = Array.from({ length: Math.min(containers, 200) }, (_, at) => `${host.netns}-${at}`);
  for (const name of names) read(["ip", "netns", "add", name]);
  const population: Population = {
    library: join(lab.project, "dist/index.js"),
    root: host.env.TSD_ROOT ?? "",
    run: host.env.TSD_RUN ?? "",
    network: NETWORK,
    image: IMAGE,
    containers,
    networks,
    namespaces: names.map((name) => `/run/netns/${name}`),
  };
  const script = join(lab.project, "bench/populate.ts");
  const command: Argv = [process.execPath, script, JSON.stringify(population)];
  read(inHost(host.netns, command), { env: host.env });
  return names;
}

function nameOf({ containers, networks, ports }: Present): string {
  const [many, published] = [containers, ports].map((count) => count.toLocaleString("en-US"));
  return `${many} containers, ${networks} networks, ${published} ports`;
}
