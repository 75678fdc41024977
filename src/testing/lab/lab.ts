import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Extension, Step, Tsd } from "../../api/index.js";
import { openTsd } from "../../index.js";
import { addresses, parent } from "./addresses.js";
import { Agent } from "./agent.js";
import { hostPrograms, ip, runProgram } from "./host-programs.js";
import { networkResidue } from "./network-residue.js";
import { stateResidue } from "./state-residue.js";

/** The other end of its wire. */
const farEnd = "wan0";
/** Namespaces that stand for containers. */
const guests = ["a1", "a2", "b1"] as const;

export type Place = "host" | "outside" | (typeof guests)[number];

/** Where the state of the lab's tsd is. `/run` is the process's own. */
const directories = { root: "/run/tsd-kit/root", run: "/run/tsd-kit/run", config: "/run/tsd-kit/config.json" } as const;

/**
 * A world of its own: the process's namespace is a host, with another machine behind `up0`, which has routes to all
 * containers as an intruder on the wire would, and namespaces `a1`, `a2`, `b1` to attach. Each place serves port 80.
 */
export class Lab {
  private constructor(
    readonly agents: Readonly<Record<Place, Agent>>,
    private readonly extensions: readonly Extension[],
  ) {}

  /**
   * `extensions` are given to each tsd that is opened. Where networks span hosts, the host is alone in a cluster. The process must be in
   * namespaces of its own.
   */
  static async open(extensions: readonly Extension[], spansHosts = false): Promise<Lab> {
    for (const directory of [directories.root, directories.run]) mkdirSync(directory, { recursive: true });
    // The default network is not the extension's.
    writeFileSync(directories.config, JSON.stringify({ bridge: "none" }));
    for (const name of ["outside", ...guests]) await runProgram(["ip", "netns", "add", name]);
    await ip("link set lo up", ...guests.map((name) => `-n ${name} link set lo up`), "-n outside link set lo up");
    await ip(`link add ${parent} type veth peer name ${farEnd} netns outside`);
    await ip(
      `link set ${parent} up`,
      `-n outside link set ${farEnd} up`,
      `address add ${addresses[4].host}/24 dev ${parent}`,
      `address add ${addresses[6].host}/64 dev ${parent} nodad`,
      `-n outside address add ${addresses[4].outside}/24 dev ${farEnd}`,
      `-n outside address add ${addresses[6].outside}/64 dev ${farEnd} nodad`,
      `route add default via ${addresses[4].outside}`,
      `-6 route add default via ${addresses[6].outside}`,
      `-n outside route add 10.0.0.0/8 via ${addresses[4].host}`,
      `-n outside -6 route add fd00::/8 via ${addresses[6].host}`,
    );
    const names = ["outside", ...guests] as const;
    const agents = { host: new Agent(), ...Object.fromEntries(names.map((name) => [name, new Agent(name)])) };
    await Promise.all(Object.entries(agents).map(([name, agent]) => agent.serve(name, 80)));
    const lab = new Lab(agents as Lab["agents"], extensions);
    await lab.warmUp();
    if (spansHosts) await lab.withTsd((tsd) => tsd.cluster.join({ name: "kit", address: addresses[4].host }));
    return lab;
  }

  /** Has tsd make what stays from the first use on: directories, and the rules that no network adds. */
  private async warmUp(): Promise<void> {
    await this.withTsd(async (tsd) => {
      const { id } = await tsd.networks.create({ name: "kit-warm", ipv6: true, options: { antispoof: "true" } });
      await tsd.endpoints.attach({ netns: this.netns("a1"), network: id, publish: ["1:1"] });
      for (const endpoint of tsd.endpoints.list()) await tsd.endpoints.detach(endpoint.id);
      await tsd.networks.remove(id);
    });
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.agents).map((agent) => agent.stop()));
    rmSync("/run/tsd-kit", { recursive: true, force: true });
  }

  /** Opens tsd on the host for the time of `work`. */
  async withTsd<T>(work: (tsd: Tsd) => Promise<T> | T, onStep?: (step: Step) => void): Promise<T> {
    using tsd = await openTsd({
      ...directories,
      extensions: this.extensions,
      ...(onStep === undefined ? {} : { dryRun: onStep }),
    });
    if (tsd.unfinished !== undefined) throw tsd.unfinished;
    return await work(tsd);
  }

  /** What the doomed processes of {@link killAt} need to open the same tsd. */
  readonly directories = directories;

  netns(place: Place): string {
    return `/run/netns/${place}`;
  }

  /** Everything that tsd could have made on the host and in the containers, a line each, sorted. */
  async residue(): Promise<readonly string[]> {
    const inside = guests.map(async (name) => {
      const lines = await runProgram([
        "sh",
        "-c",
        `ip -n ${name} -o address; ip -n ${name} route; ip -n ${name} -6 route`,
      ]);
      return lines
        .split("\n")
        .filter((line) => line !== "" && !/ lo |\bfe80:/.test(line))
        .map((line) => `in ${name}: ${line.replaceAll(/\s+/g, " ").replace(/^\d+: /, "")}`);
    });
    const parts = await Promise.all([networkResidue(hostPrograms), ...inside]);
    return [...parts.flat(), ...stateResidue({ root: directories.root, runDirectory: directories.run }), ...mounts()]
      .map(withoutCounters)
      .sort();
  }
}

/** See proc_pid_mountinfo(5): the fifth word is the place. */
function mounts(): readonly string[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n");
  return lines.map((line) => `mount on ${line.split(" ")[4]}`);
}

/** What rules have counted changes by itself. */
function withoutCounters(line: string): string {
  return line.replaceAll(/"(packets|bytes)":\d+/g, '"$1":#');
}
