import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
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
    enterPairs(lab, ({ from, address }, { stream }) => {
      const words = ["client", address, String(stream.port), String(DURATION[lab.mode])];
      return { "container to container": Number(read(inHost(from, [stream.program, ...words]))) };
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
    enterPairs(lab, ({ from, address }, { connect }) => {
      const words = ["client", address, String(connect.port), "1", String(DURATION[lab.mode])];
      return { rate: Number(read(inHost(from, [connect.program, ...words]))) };
    }),
};

export const workAcrossHosts: Benchmark = {
  id: "work-across-hosts",
  title: "Work across hosts",
  about:
    "How long packets across hosts keep a processor busy, on both hosts and in both containers together, for 1 MB of one TCP stream and for one connection that is opened. Other work on the machine makes this no longer.",
  unit: "µs",
  measures: ["1 MB", "a connection"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 10 }, full: { turns: 15, seconds: 40 } },
  enter: (lab) =>
    enterPairs(lab, ({ from, address }, { stream, connect }) => {
      const duration = String(DURATION[lab.mode]);
      const work = (served: Served, ports: readonly string[]): number => {
        const before = workOf(served.server);
        const words = ["worker", address, ...ports, duration];
        const [done, own] = read(inHost(from, [served.program, ...words]))
          .split(" ")
          .map(Number);
        return ((own ?? Number.NaN) + workOf(served.server) - before) / (done ?? Number.NaN);
      };
      return {
        "1 MB": work(stream, [String(stream.port)]),
        "a connection": work(connect, [String(connect.port), "1"]),
      };
    }),
};

/** Microseconds; see proc_pid_schedstat(5). */
function workOf(server: ChildProcess): number {
  return Number(readFileSync(`/proc/${server.pid}/schedstat`, "utf8").split(" ")[0]) / 1000;
}

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

/** A program of bench/floor that listens in the second container. */
interface Served {
  readonly program: string;
  readonly port: number;
  readonly server: ChildProcess;
}

type Measured = (
  pair: HostPair,
  served: { readonly stream: Served; readonly connect: Served },
) => Readonly<Record<string, number>>;

async function enterPairs(lab: Lab, measured: Measured): Promise<readonly Entrant[]> {
  const [stream, connect] = [compileFloor(lab, "stream"), compileFloor(lab, "connect")];
  if (stream === undefined || connect === undefined)
    return [{ name: FLOOR, reason: "no C compiler (cc) is installed" }];
  const reason = whyNoPair(lab);
  const byHand = await enter(makeHandMadePair(), { stream, connect }, measured);
  if (reason !== undefined) return [byHand, { name: "tsd", reason }];
  try {
    return [byHand, await enter(openPair(lab), { stream, connect }, measured)];
  } catch (error) {
    return [byHand, { name: "tsd", reason: complaintOf(error) }];
  }
}

async function enter(
  pair: HostPair,
  programs: { readonly stream: string; readonly connect: string },
  measured: Measured,
): Promise<Contender> {
  const serve = (program: string, port: number): Served => {
    const [file, ...args] = inHost(pair.to, [program, "server", String(port)]);
    return { program, port, server: spawn(file, args, { stdio: "ignore" }) };
  };
  const [stream, connect] = [serve(programs.stream, PORT), serve(programs.connect, PORT + 1)];
  await sleep(SETTLE);
  return {
    name: pair.name,
    sample: () => measured(pair, { stream, connect }),
    close: async () => {
      for (const { server } of [stream, connect]) {
        const ended = once(server, "exit");
        server.kill();
        await ended;
      }
      pair.close();
    },
  };
}
