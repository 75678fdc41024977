/**
 * A cluster of many hosts that are nothing but records in a real etcd of three members, and one host of flesh: this namespace, whose tsd
 * has all of them in the kernel's tables. Prints a table for docs/cluster.md, at one size after the other. With a number of containers for each
 * host: how long it takes to find one of them; `watched`, what it costs where all hosts follow all of them.
 *
 *   node bench/cluster-scale.ts [HOSTS[,HOSTS…] [CONTAINERS [watched]]]
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { timeNames, writeEndpoints } from "./cluster-scale/endpoints.ts";
import { residentMemory, startEtcd } from "./cluster-scale/etcd.ts";
import { commit, watch } from "./cluster-scale/gateway.ts";
import { RealHost } from "./cluster-scale/real-host.ts";
import { type Place, recordsOf, writeHosts } from "./cluster-scale/simulated-hosts.ts";
import { read } from "./command.ts";
import { closeLab, type Lab, openLab } from "./lab.ts";
import { enterWorld, furnishWorld, isInsideWorld } from "./world.ts";

const CHANGES = 5;
const project = join(import.meta.dirname, "..");
const sizes = (process.argv[2] ?? "100,1000,10000").split(",").map(Number);
const each = Number(process.argv[3] ?? 0);
const areWatched = process.argv[4] === "watched";

if (process.getuid?.() !== 0) {
  console.error("cluster-scale: root is needed, for namespaces");
  process.exitCode = 1;
} else if (isInsideWorld()) await runInside();
else process.exitCode = enterWorld(join(import.meta.dirname, "cluster-scale.ts"), process.argv.slice(2));

async function runInside(): Promise<void> {
  furnishWorld(project);
  mkdirSync("/run/etcd");
  const lab = openLab(project, "full");
  const etcd = startEtcd(project);
  try {
    const host = new RealHost(lab, etcd.urls);
    const lines: string[] = [];
    for (const [at, count] of sizes.entries()) {
      console.error(`cluster-scale: ${count} hosts`);
      const setting = { lab, etcd, host, name: `net${at}` };
      const measured = await (each > 0 ? measureEndpoints(setting, count) : measure(setting, count));
      lines.push(`| ${[count, ...Object.values(measured)].join(" | ")} |`);
      if (at === 0)
        lines.unshift(
          `| hosts | ${Object.keys(measured).join(" | ")} |`,
          `|--:|${"--:|".repeat(Object.keys(measured).length)}`,
        );
    }
    console.log(lines.join("\n"));
  } finally {
    etcd.close();
    closeLab(lab);
  }
}

interface Setting {
  readonly lab: Lab;
  readonly etcd: ReturnType<typeof startEtcd>;
  readonly host: RealHost;
  readonly name: string;
}

/** What one size costs, by what the column is called. */
async function measure({ etcd, host, name }: Setting, count: number): Promise<Readonly<Record<string, string>>> {
  const subnet = ["--subnet", "10.64.0.0/10", "-o", "block=26"];
  host.tsd("network", "create", "--driver", "overlay", ...subnet, name);
  const id = host.tsd("network", "inspect", "--format", "{{.Id}}", name);
  const place: Place = { urls: etcd.urls, cluster: "default", network: id };
  const rate = await writeHosts(place, count);
  read(["ip", "netns", "add", name]);
  const slab = kernelTables();
  const begun = performance.now();
  const command = host.timeTsd("network", "connect", name, `netns:${name}`);
  const [tunnel = ""] = read(["ip", "-brief", "link", "show", "type", "vxlan"]).split(/[\s@]/);
  await host.untilRoutes(tunnel, count);
  const synced = performance.now() - begun;
  const agent = host.agent();
  const work = host.agentTime();
  const change = await changes(place, host, { tunnel, count });
  const last = await lastWatcher(place, count, etcd);
  const result = {
    "transactions a second while they were written": rate.toFixed(0),
    "`network connect`": seconds(command),
    "all in the kernel after": seconds(synced),
    "of which the agent worked": seconds(work),
    "one more in the kernel after": `${change.after.toFixed(0)} ms`,
    "for which the agent worked": `${change.work.toFixed(0)} ms`,
    "the last of as many watches, 1,000 at most, after": `${last.after.toFixed(0)} ms`,
    "members of etcd for each watch": `${last.memory.toFixed(0)} KB`,
    agent: `${residentMemory(agent).toFixed(0)} MB`,
    "kernel's tables": `${((kernelTables() - slab) / 1024).toFixed(1)} MB`,
    "member of etcd": `${Math.max(...etcd.memory()).toFixed(0)} MB`,
  };
  host.tsd("network", "disconnect", name, `netns:${name}`);
  for (let number = 0; number < count; number += 40) {
    const some = Array.from({ length: Math.min(40, count - number) }, (_, at) => recordsOf(place, number + at)).flat();
    await commit(
      etcd.urls[0] ?? "",
      some.map(({ key }) => ({ key })),
    );
  }
  await host.untilRoutes(tunnel, 1, true);
  host.tsd("network", "rm", name);
  read(["ip", "netns", "del", name]);
  return result;
}

/** What containers of other hosts cost: while they come, and an agent that starts where they are. */
async function measureEndpoints(
  { etcd, host, name }: Setting,
  count: number,
): Promise<Readonly<Record<string, string>>> {
  host.tsd("network", "create", "--driver", "overlay", "--subnet", "10.64.0.0/10", "-o", "block=26", name);
  const place: Place = {
    ...{ urls: etcd.urls, cluster: "default" },
    network: host.tsd("network", "inspect", "--format", "{{.Id}}", name),
  };
  await writeHosts(place, count);
  await host.untilIdle();
  const before = host.agentTime();
  const begun = performance.now();
  await writeEndpoints(place, { hosts: count, each, areWatched });
  const written = performance.now() - begun;
  await host.untilIdle();
  const followed = performance.now() - begun;
  const [work, memory] = [host.agentTime() - before, residentMemory(host.agent())];
  process.kill(host.agent(), "SIGKILL");
  read(["ip", "netns", "add", name]);
  const restarted = performance.now();
  const command = host.timeTsd("network", "connect", name, `netns:${name}`);
  await host.untilIdle();
  return {
    containers: `${count * each}`,
    "written within": seconds(written),
    "and the agent idle after": seconds(followed),
    "of which it worked": seconds(work),
    agent: `${memory.toFixed(0)} MB`,
    "`network connect` by another agent": seconds(command),
    "which is idle after": seconds(performance.now() - restarted),
    "of which that worked": seconds(host.agentTime()),
    "and has": `${residentMemory(host.agent()).toFixed(0)} MB`,
    "a name is found after": areWatched ? "" : `${(await timeNames(place, count * each)).toFixed(1)} ms`,
    "`tsd map`": seconds(host.timeTsd("map")),
    "member of etcd": `${Math.max(...etcd.memory()).toFixed(0)} MB`,
  };
}

/**
 * Median of the times from a commit by which one host more is a member to its route, and how long each of them kept the agent busy. One more
 * comes before: the agent may still be comparing what it made.
 */
async function changes(
  place: Place,
  host: RealHost,
  { tunnel, count }: { tunnel: string; count: number },
): Promise<{ readonly after: number; readonly work: number }> {
  const times: number[] = [];
  let worked = 0;
  for (let at = 0; at <= CHANGES; at++) {
    const present = host.routes(tunnel).length;
    const begun = performance.now();
    await commit(place.urls[0] ?? "", recordsOf(place, count + at));
    await host.untilRoutes(tunnel, present + 1);
    if (at === 0) worked = host.agentTime();
    else times.push(performance.now() - begun);
  }
  const work = (host.agentTime() - worked) / CHANGES;
  for (let at = 0; at <= CHANGES; at++)
    await commit(
      place.urls[0] ?? "",
      recordsOf(place, count + at).map(({ key }) => ({ key })),
    );
  return { after: times.toSorted((one, other) => one - other)[Math.floor(CHANGES / 2)] ?? Number.NaN, work };
}

/** Milliseconds from a commit until each of so many watches, shared out among the members, has seen it, and KB that each of them takes there. */
async function lastWatcher(
  place: Place,
  count: number,
  etcd: Pick<Setting["etcd"], "memory">,
): Promise<{ readonly after: number; readonly memory: number }> {
  const { urls, cluster, network } = place;
  let seen = 0;
  const before = sum(etcd.memory());
  const prefix = `/tsd/${cluster}/network/${network}/`;
  const watches = await Promise.all(
    Array.from({ length: Math.min(count, 1000) }, (_, at) => watch(urls[at % urls.length] ?? "", prefix, () => seen++)),
  );
  const memory = ((sum(etcd.memory()) - before) * 1024) / watches.length;
  const records = recordsOf(place, count + CHANGES + 1);
  const begun = performance.now();
  await commit(urls[0] ?? "", records);
  while (seen < watches.length && performance.now() - begun < 60_000) await sleep(1);
  const after = performance.now() - begun;
  for (const { close } of watches) close();
  await commit(
    urls[0] ?? "",
    records.map(({ key }) => ({ key })),
  );
  return { after, memory };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** KB of slab that the kernel has for this and all else; proc_meminfo(5). */
function kernelTables(): number {
  return Number(read(["sh", "-c", "sed -n 's/^Slab: *//p' /proc/meminfo"]).split(" ")[0]);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
