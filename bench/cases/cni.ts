import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, Entrant, Sample } from "../benchmark.ts";
import { read } from "../command.ts";
import type { Lab } from "../lab.ts";
import { type CniCall, callPlugin, findPlugins } from "../peers/cni-plugins.ts";

const FLOOR = "bridge + portmap";
const NETNS = "bench-cni";
const VERSION = "1.0.0";

export const cni: Benchmark = {
  id: "cni",
  title: "A container by CNI",
  about:
    "ADD and DEL of one container with one TCP port published, from spawn to exit: by CNI's own bridge (with host-local and a masquerade) and portmap, one after the other, and by tsd as a plug-in. The networks exist, and what is leased is written to the disk.",
  unit: "ms",
  measures: ["ADD", "DEL"],
  floor: FLOOR,
  effort: { quick: { turns: 3, seconds: 6 }, full: { turns: 21, seconds: 20 } },
  enter: async (lab) => [
    enterNative(lab),
    enterTsd(lab, "tsd", { at: 0, env: {} }),
    enterTsd(lab, "tsd on Node.js", { at: 1, env: { TSD_NODE: process.execPath } }),
  ],
};

function enterNative(lab: Lab): Entrant {
  const directory = findPlugins();
  if (directory === undefined) return { name: FLOOR, reason: "not installed" };
  const common = { cniVersion: VERSION, name: "bench-native" };
  const ranges = [[{ subnet: "10.218.0.0/24" }]];
  const ipam = { type: "host-local", dataDir: join(lab.work, "cni"), ranges, routes: [{ dst: "0.0.0.0/0" }] };
  const bridge = { ...common, type: "bridge", bridge: "bench-cni0", isGateway: true, ipMasq: true, ipam };
  const portmap = { ...common, type: "portmap", runtimeConfig: published(18_180) };
  const call = (command: CniCall["command"], config: { readonly type: string }) =>
    callPlugin({ program: join(directory, config.type), command, netns: NETNS, config });
  return {
    name: FLOOR,
    sample: () =>
      inNamespace(() => {
        const made = call("ADD", bridge);
        const mapped = { ...portmap, prevResult: made.result };
        const added = made.took + call("ADD", mapped).took;
        return { ADD: added, DEL: call("DEL", mapped).took + call("DEL", bridge).took };
      }),
  };
}

/** `at` is a number of its own; `env` says in which runtime. */
function enterTsd(
  lab: Lab,
  name: string,
  { at, env: runtime }: { readonly at: number; readonly env: NodeJS.ProcessEnv },
): Entrant {
  const file = join(lab.project, "bin/tsd-cni");
  if (!existsSync(file)) return { name, reason: "not built: run script/build" };
  const env = { TSD_ROOT: join(lab.work, `tsd-cni${at}`), TSD_RUN: `/run/tsd-cni${at}`, ...runtime };
  const network = { cniVersion: VERSION, name: "bench-tsd", type: "tsd", subnet: `10.219.${at}.0/24` };
  const config = { ...network, runtimeConfig: published(18_181 + at) };
  const call = (command: CniCall["command"]): number =>
    callPlugin({ program: file, command, netns: NETNS, config, env }).took;
  return { name, sample: () => inNamespace(() => ({ ADD: call("ADD"), DEL: call("DEL") })) };
}

function published(hostPort: number): object {
  return { portMappings: [{ hostPort, containerPort: 80, protocol: "tcp" }] };
}

/** Each container has a namespace of its own. */
function inNamespace(work: () => Sample): Sample {
  read(["ip", "netns", "add", NETNS]);
  try {
    return work();
  } finally {
    read(["ip", "netns", "del", NETNS]);
  }
}
