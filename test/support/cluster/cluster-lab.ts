import { afterAll, beforeAll, expect } from "@jest/globals";
import { networkResidue } from "../../../src/testing/lab/network-residue.js";
import { stateResidue } from "../../../src/testing/lab/state-residue.js";
import { makeBusyboxTar } from "../lab/busybox.js";
import { isEmulated } from "../lab/emulation.js";
import { enterLab } from "../lab/lab.js";
import { Namespace } from "../lab/namespace.js";
import { cgroups, processes } from "../lab/process-residue.js";
import { mustRun, runProgram } from "../lab/program.js";
import { Etcd } from "./etcd.js";
import { Machine } from "./machine.js";
import { Underlay } from "./underlay.js";

/** Numbers of the machines on the underlay. */
export const outsideNumber = 99;

/** Machines and members of etcd on one wire, in namespaces of the test's own. */
export interface ClusterLab {
  readonly underlay: Underlay;
  readonly etcd: Etcd;
  /** Hosts by number, from 1: `host1`, … */
  host(number: number): Machine;
  readonly hosts: readonly Machine[];
  /** A machine on the same wire that has no part in the cluster. */
  readonly outside: Namespace;
  /** Boots a host again that was powered off, with its disk. */
  boot(number: number): Promise<Machine>;
  /** Boots a host again that was powered off, with a new disk and an operating system on it; that is what residue is measured from. */
  reinstall(number: number): Promise<Machine>;
  /** Takes the present state of all hosts as what {@link ClusterLab.residue} measures from. */
  settle(): Promise<void>;
  /** What is on any host, or not, unlike at the last `settle`, after `patience` ms for it to go (5000, and 120,000 under emulation). */
  residue(patience?: number): Promise<readonly string[]>;
  /** All that is on the hosts once nothing comes or goes, a line each; see residue.ts. */
  present(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Hosts have an image `busybox`, and have run tsd before. `members`: numbers of those of etcd. */
export async function openClusterLab(count: number, members?: readonly number[]): Promise<ClusterLab> {
  await enterLab();
  const underlay = await Underlay.open();
  const etcd = await Etcd.start(underlay, members);
  const outsideName = `outside-${process.pid}`;
  const outside = await Namespace.create(outsideName);
  await underlay.connect(outside, outsideNumber);
  const hosts: Machine[] = [];
  for (let number = 1; number <= count; number++) {
    const machine = await Machine.boot(`host${number}`);
    await underlay.connect(machine, number);
    hosts.push(machine);
  }
  await Promise.all(hosts.map(useFirst));
  let before = await residues(hosts);
  const boot = async (number: number): Promise<Machine> => {
    const former = at(hosts, number);
    const machine = await Machine.boot(former.name, former.directory);
    await underlay.connect(machine, number);
    hosts[number - 1] = machine;
    return machine;
  };
  return {
    underlay,
    etcd,
    outside,
    hosts,
    host: (number) => at(hosts, number),
    boot,
    reinstall: async (number) => {
      at(hosts, number).emptyDisk();
      const machine = await boot(number);
      await useFirst(machine);
      const others = before.filter((line) => !line.startsWith(`${machine.name}: `));
      before = [...others, ...(await residues([machine]))];
      return machine;
    },
    settle: async () => {
      before = await residues(hosts);
    },
    present: () => restingState(hosts),
    residue: (patience = isEmulated ? 120_000 : 5000) => remaining(hosts, before, patience),
    close: async () => {
      for (const host of hosts) await host.remove();
      await etcd[Symbol.asyncDispose]();
      await mustRun(["ip", "netns", "delete", outsideName]);
      await underlay[Symbol.asyncDispose]();
      await runProgram(["umount", "--quiet", "/run/netns"]);
    },
  };
}

/** Gives the calling file one lab for all its tests. */
export function useClusterLab(count = 3, members?: readonly number[]): () => ClusterLab {
  let lab: ClusterLab | undefined;
  beforeAll(async () => {
    lab = await openClusterLab(count, members);
  });
  afterAll(async () => {
    const left = await lab?.residue();
    await lab?.close();
    expect(left).toEqual([]);
  });
  return () => {
    if (lab === undefined) throw new Error("the lab is not open");
    return lab;
  };
}

function at(hosts: readonly Machine[], number: number): Machine {
  const host = hosts[number - 1];
  if (host === undefined) throw new Error(`the lab has no host ${number}`);
  return host;
}

async function useFirst(host: Machine): Promise<void> {
  const tar = `${host.directory}/busybox.tar`;
  await makeBusyboxTar(tar);
  await host.mustTsd(["image", "import", tar, "busybox"]);
  await useSinceBoot(host);
  await host.mustTsd(["system", "init", "--bridge", "none"]);
}

/** Has on a host what stays from the first use after a boot on: constant rules and directories. */
export async function useSinceBoot(host: Machine): Promise<void> {
  await host.mustTsd(["network", "create", "--ipv6", "-o", "antispoof=true", "first"]);
  await host.mustTsd(["run", "--rm", "--publish", "1:1", "--net", "first", "busybox", "true"]);
  await host.mustTsd(["network", "rm", "first"]);
}

async function residues(hosts: readonly Machine[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    hosts.map(async (host) => {
      const mounts = (await host.mustRun(["findmnt", "--noheadings", "--list", "--output", "TARGET"])).split("\n");
      const own = processes(host).filter((line) => !line.startsWith(`process ${host.keeper.pid} `));
      const found = [...(await networkResidue(host)), ...own, ...cgroups(host), ...stateResidue(host)];
      return [...found, ...mounts.map((path) => `mount ${path}`)].map((line) => `${host.name}: ${line}`);
    }),
  );
  return lists.flat();
}

async function restingState(hosts: readonly Machine[]): Promise<readonly string[]> {
  let [before, now] = [await residues(hosts), await residues(hosts)];
  for (let left = 50; left > 0 && before.join() !== now.join(); left--) [before, now] = [now, await residues(hosts)];
  return now;
}

async function remaining(
  hosts: readonly Machine[],
  before: readonly string[],
  patience: number,
): Promise<readonly string[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const after = await residues(hosts);
    const left = [
      ...after.filter((line) => !before.includes(line)),
      ...before.filter((line) => !after.includes(line) && !line.includes(": cgroup ")).map((line) => `missing ${line}`),
    ];
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
