import { join } from "node:path";
import { build } from "esbuild";
import type { Benchmark, Entrant } from "../benchmark.ts";
import { read, time } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { openHost, whyNoHost } from "../host.ts";
import { compileFloor, type Lab } from "../lab.ts";
import { callPlugin, findPlugins } from "../peers/cni-plugins.ts";
import { median } from "../statistics.ts";

const FLOOR = "rtnetlink from C";
const BRIDGE = "benchbr";
const NETNS = "bench-attach";
const PER_SAMPLE = "5";
const ATTACH = "attach";
const WITH_NAMESPACE = "make a namespace and attach it";
const DETACH = "detach";
const PUBLISH = "publish one port of an endpoint";
/** Endpoints that are attached by one call. */
const MANY = 100;

export const attach: Benchmark = {
  id: "attach",
  title: "Attach a namespace to a bridge network",
  about:
    "A veth pair into a namespace, bridge port, address, loopback, default route; with and without making the namespace. tsd's library runs within a process that holds it open. It leaves loopback to the namespace's maker, chooses an address and records all in its store. Its providers alone do what the floor does. By `attachMany` it attaches 100 at once; times are of one of them. CNI records its lease.",
  unit: "ms",
  measures: [ATTACH, WITH_NAMESPACE, DETACH, PUBLISH],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 8 }, full: { turns: 25, seconds: 30 } },
  enter: async (lab) => {
    read(["ip", "-batch", "-"], {
      input: `link add ${BRIDGE} type bridge\naddr add 10.215.0.1/24 dev ${BRIDGE}\nlink set ${BRIDGE} up\n`,
    });
    read(["nft", "-f", "-"], {
      input:
        "add table inet floor\nadd map inet floor ports { type inet_proto . inet_service : ipv4_addr . inet_service; }\n",
    });
    return [
      enterFloor(lab),
      await enterProviders(lab),
      await enterTsd(lab, 1),
      await enterTsd(lab, MANY),
      enterIproute(),
      enterCni(),
    ];
  },
};

function enterFloor(lab: Lab): Entrant {
  const [program, publish] = [compileFloor(lab, "attach"), compileFloor(lab, "publish")];
  if (program === undefined || publish === undefined) return { name: FLOOR, reason: "no C compiler (cc) is installed" };
  return {
    name: FLOOR,
    sample: () => {
      const lines = read([program, BRIDGE, PER_SAMPLE]).trim().split("\n");
      const times = lines.map((line) => line.split(" ").map((microseconds) => Number(microseconds) / 1000));
      return {
        [ATTACH]: median(times.map(([, attached = 0]) => attached)),
        [DETACH]: median(times.map(([, , detached = 0]) => detached)),
        [PUBLISH]: median(read([publish, PER_SAMPLE]).trim().split("\n").map(Number)) / 1000,
        [WITH_NAMESPACE]: median(times.map(([made = 0, attached = 0]) => made + attached)),
      };
    },
    close: () => void read(["ip", "link", "del", BRIDGE]),
  };
}

async function enterProviders(lab: Lab): Promise<Entrant> {
  const program = join(lab.work, "providers.mjs");
  await build({
    entryPoints: [join(lab.project, "bench/providers.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["koffi"],
    logLevel: "error",
  });
  return {
    name: "tsd, providers alone",
    sample: () => {
      const lines = read([process.execPath, program, BRIDGE, PER_SAMPLE]).trim().split("\n");
      return { [WITH_NAMESPACE]: median(lines.map(Number)) };
    },
  };
}

async function enterTsd(lab: Lab, count: number): Promise<Entrant> {
  const name = count === 1 ? "tsd, in process" : `tsd, in process, ${count} at once`;
  const reason = whyNoHost(lab);
  if (reason !== undefined) return { name, reason };
  try {
    const host = await openHost(lab, 0, count === 1 ? {} : { guests: count });
    const request = count === 1 ? { attached: [], publish: ["1500:80"] } : { attached: [], together: true };
    const sample = async () => {
      const { attach: attached, publish, detach } = await host.attach(request);
      return { [ATTACH]: attached, [DETACH]: detach, ...(count === 1 ? { [PUBLISH]: publish } : {}) };
    };
    return { name, sample, close: host.close };
  } catch (error) {
    return { name, reason: complaintOf(error) };
  }
}

function enterIproute(): Entrant {
  const outside = `link add bench-v type veth peer name eth0 netns ${NETNS}
link set bench-v master ${BRIDGE}
link set bench-v up
`;
  const inside = `link set lo up
link set eth0 up
addr add 10.215.0.250/24 dev eth0
route add default via 10.215.0.1
`;
  return {
    name: "iproute2, two batches",
    sample: () => {
      const made = time(["ip", "netns", "add", NETNS]);
      const took =
        time(["ip", "-batch", "-"], { input: outside }) + time(["ip", "-n", NETNS, "-batch", "-"], { input: inside });
      // With its namespace it would go in the kernel's own time, and be in the way of the next.
      read(["ip", "link", "del", "bench-v"]);
      read(["ip", "netns", "del", NETNS]);
      return { [ATTACH]: took, [WITH_NAMESPACE]: made + took };
    },
  };
}

function enterCni(): Entrant {
  const name = "CNI bridge plug-in";
  const directory = findPlugins();
  if (directory === undefined) return { name, reason: "not installed" };
  const config = {
    cniVersion: "1.0.0",
    name: "bench",
    type: "bridge",
    bridge: BRIDGE,
    isGateway: true,
    ipam: {
      type: "host-local",
      dataDir: "/run/cni",
      ranges: [[{ subnet: "10.215.0.0/24", rangeStart: "10.215.0.240" }]],
      routes: [{ dst: "0.0.0.0/0" }],
    },
  };
  const call = (command: "ADD" | "DEL"): number =>
    callPlugin({ program: join(directory, "bridge"), command, netns: NETNS, config }).took;
  return {
    name,
    sample: () => {
      const made = time(["ip", "netns", "add", NETNS]);
      const took = call("ADD");
      call("DEL");
      read(["ip", "netns", "del", NETNS]);
      return { [ATTACH]: took, [WITH_NAMESPACE]: made + took };
    },
  };
}
