import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark, Contender, Entrant } from "../benchmark.ts";
import { read } from "../command.ts";
import { complaintOf } from "../complaint.ts";
import { inHost } from "../host.ts";
import { compileFloor, type Lab } from "../lab.ts";
import { type HostPair, makeHandMadePair, openPair, whyNoPair } from "../peers/host-pair.ts";
import { enterRuns, RUN_MEASURES } from "../peers/runs.ts";
import { isTool } from "../peers/tool.ts";
import { openTsdTool } from "../peers/tsd.ts";

const FLOOR = "by hand";
const ON_BRIDGE = "on a bridge";
const DURATION = { quick: 200, full: 500 };
const PORT = 80;
/** A link by which other hosts could reach this one. */
const UNDERLAY = "bench-wire";
const UNDERLAY_ADDRESS = "192.0.2.65";
/** Time for servers to listen. */
const SETTLE = 200;
/** Numbers of the contenders, behind those of other benchmarks of containers. */
const FIRST = 40;

export const acrossHosts: Benchmark = {
  id: "across-hosts",
  title: "Throughput across hosts",
  about:
    "One TCP stream between containers on two hosts with a cable between them. By hand it is the same VXLAN with the same routes, made by ip(8), and one rule that masquerades. More is better.",
  unit: "MB/s",
  measures: ["container to container"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 6 }, full: { turns: 15, seconds: 30 } },
  enter: (lab) =>
    enterPairs(lab, "stream", ({ from, address }, program) => {
      const words = ["client", address, String(PORT), String(DURATION[lab.mode])];
      return { "container to container": Number(read(inHost(from, [program, ...words]))) };
    }),
};

export const connectionsAcrossHosts: Benchmark = {
  id: "connections-across-hosts",
  title: "New connections across hosts",
  about:
    "A container opens TCP connections to one on another host, one after the other, so that a connection takes the inverse of the rate: three ways across. More is better.",
  unit: "connections/s",
  measures: ["rate"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 6 }, full: { turns: 15, seconds: 30 } },
  enter: (lab) =>
    enterPairs(lab, "connect", ({ from, address }, program) => {
      const words = ["client", address, String(PORT), "1", String(DURATION[lab.mode])];
      return { rate: Number(read(inHost(from, [program, ...words]))) };
    }),
};

export const runAcrossHosts: Benchmark = {
  id: "run-across-hosts",
  title: "A container on a network that spans hosts",
  about:
    "As “Start and end of a container”, on a bridge and on an overlay of a cluster that is this host alone. A host that has the network asks no other one to start a container.",
  unit: "ms",
  measures: RUN_MEASURES,
  floor: ON_BRIDGE,
  effort: { quick: { turns: 3, seconds: 8 }, full: { turns: 20, seconds: 40 } },
  enter: (lab) => {
    const tool = openTsdTool(lab);
    if (!isTool(tool)) return Promise.resolve([tool]);
    const { command, env } = tool;
    read(["ip", "-batch", "-"], {
      input: `link add ${UNDERLAY} type bridge\naddress add ${UNDERLAY_ADDRESS}/24 dev ${UNDERLAY}\nlink set ${UNDERLAY} up\n`,
    });
    read([...command, "cluster", "join", "--local", "--address", UNDERLAY_ADDRESS], { env });
    const bridge = enterRuns({ ...tool, name: ON_BRIDGE }, FIRST);
    const overlay = enterRuns({ ...tool, name: "on an overlay" }, FIRST + 1, ["--driver", "overlay"]);
    if ("reason" in overlay) return Promise.resolve([bridge, overlay]);
    const close = async (): Promise<void> => {
      await overlay.close?.();
      read([...command, "cluster", "leave"], { env });
      read(["ip", "link", "delete", UNDERLAY]);
    };
    return Promise.resolve([bridge, { ...overlay, close }]);
  },
};

type Measured = (pair: HostPair, program: string) => Readonly<Record<string, number>>;

async function enterPairs(lab: Lab, floorProgram: string, measured: Measured): Promise<readonly Entrant[]> {
  const program = compileFloor(lab, floorProgram);
  if (program === undefined) return [{ name: FLOOR, reason: "no C compiler (cc) is installed" }];
  const reason = whyNoPair(lab);
  const byHand = await enter(makeHandMadePair(), program, measured);
  if (reason !== undefined) return [byHand, { name: "tsd", reason }];
  try {
    return [byHand, await enter(openPair(lab), program, measured)];
  } catch (error) {
    return [byHand, { name: "tsd", reason: complaintOf(error) }];
  }
}

async function enter(pair: HostPair, program: string, measured: Measured): Promise<Contender> {
  const [file, ...args] = inHost(pair.to, [program, "server", String(PORT)]);
  const server = spawn(file, args, { stdio: "ignore" });
  await sleep(SETTLE);
  return {
    name: pair.name,
    sample: () => measured(pair, program),
    close: async () => {
      const ended = once(server, "exit");
      server.kill();
      await ended;
      pair.close();
    },
  };
}
