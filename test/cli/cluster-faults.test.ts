import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { isWithin } from "../../src/api/index.js";
import { useClusterLab } from "../support/cluster/cluster-lab.js";
import { flap } from "../support/cluster/flapping.js";
import { Flow } from "../support/cluster/flow.js";
import { pings } from "../support/cluster/pings.js";
import { addressOf } from "../support/cluster/underlay.js";
import { eventually } from "../support/eventually.js";
import { preloading } from "../support/faults/preloading.js";
import { endOf } from "../support/lab/process-end.js";

const lab = useClusterLab();
const numbers = [1, 2, 3] as const;
/** TSD_SOAK_FIGURES: a long run. */
const isLong = process.env.TSD_SOAK_FIGURES !== undefined;
const tsd = (number: number, ...words: readonly string[]): Promise<string> => lab().host(number).mustTsd(words);
const run = (number: number, name: string, ...flags: readonly string[]): Promise<string> =>
  tsd(number, "run", "-d", "--name", name, ...flags, "busybox", "sleep", "600");
const join = (number: number, ...words: readonly string[]) =>
  lab()
    .host(number)
    .tsd(["cluster", "join", "--etcd", lab().etcd.urls, ...words]);
const overlay = (number: number, name: string, subnet: string) =>
  lab().host(number).tsd(["network", "create", "--driver", "overlay", "--subnet", subnet, name]);
const addressOfContainer = (number: number, container: string, network = "web"): Promise<string> =>
  tsd(number, "inspect", "--format", `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, container);

/** Datagrams between containers on hosts 1 and 2, all through this file. No fault is of what carries them. */
let unharmed: Flow;
let network: string;

/** The agent of a host, as it says itself. */
function agentOf(number: number): number {
  return JSON.parse(readFileSync(`${lab().host(number).runDirectory}/agent/lock`, "utf8")).pid;
}

/** Waits until a container on one host gets a reply from one on another. */
async function meet(from: readonly [number, string], to: readonly [number, string]): Promise<void> {
  const namespace = await lab().host(from[0]).insideOf(from[1]);
  const address = await addressOfContainer(...to);
  await eventually(async () => expect(await pings(namespace, [address], 1)).toEqual([address]));
}

/** What a container on a host gets for a name: the words of busybox. */
async function lookUp(number: number, container: string, name: string): Promise<string> {
  const { stdout, stderr } = await lab().host(number).tsd(["exec", container, "nslookup", name]);
  return stdout + stderr;
}

/** No address twice, and check finds nothing on any host. */
async function expectOrder(containers: readonly (readonly [number, string])[]): Promise<void> {
  const addresses = await Promise.all(containers.map(([number, name]) => addressOfContainer(number, name)));
  expect(new Set(addresses).size).toBe(addresses.length);
  for (const number of numbers) {
    await eventually(async () => expect(await lab().host(number).tsd(["check"])).toMatchObject({ code: 0 }));
  }
}

beforeAll(async () => {
  for (const number of numbers) expect(await join(number)).toMatchObject({ code: 0 });
  await overlay(1, "web", "10.5.0.0/16");
  for (const number of numbers) await run(number, `c${number}`, "--net", "web");
  network = await tsd(1, "network", "inspect", "--format", "{{.Id}}", "web");
  await meet([1, "c1"], [2, "c2"]);
  await meet([1, "c1"], [3, "c3"]);
  const [one, two] = [await lab().host(1).insideOf("c1"), await lab().host(2).insideOf("c2")];
  unharmed = await Flow.start(one, two, await addressOfContainer(2, "c2"));
});

test("an agent that is killed takes no traffic with it, and the next command has another that catches up", async () => {
  process.kill(agentOf(2), "SIGKILL");
  await endOf(agentOf(2));
  // What happens meanwhile.
  await run(3, "late", "--net", "web", "--ip", "10.5.99.9");
  expect(await lab().host(2).tsd(["check"])).toMatchObject({ code: 1 });
  await tsd(2, "reload");
  await meet([2, "c2"], [3, "late"]);
  await tsd(3, "rm", "-f", "late");
  await expectOrder([
    [1, "c1"],
    [2, "c2"],
    [3, "c3"],
  ]);
});

test("an agent that is killed at a step of its work leaves what the next one finishes", async () => {
  const host = lab().host(1);
  const come = () => run(3, "comer", "--net", "web", "--ip", "10.5.99.10");
  const go = () => tsd(3, "rm", "-f", "comer");
  const isThere = async () => (await host.mustRun(["ip", "route", "get", "10.5.99.10"])).includes(" dev vx");
  /** Has an agent see a change that is to be killed at an event; returns the events. */
  const follow = async (change: () => Promise<string>, at: string): Promise<readonly string[]> => {
    process.kill(agentOf(1), "SIGKILL");
    const file = `${host.directory}/events`;
    const env = {
      ...preloading(resolve("test/support/faults/kill-at.mjs")),
      TSD_TEST_EVENTS: file,
      TSD_TEST_KILL_AT: at,
    };
    const agent = host.startTsd(["agent"], { env, timeout: 120_000 });
    const before = await isThere();
    await change();
    let isOver = false;
    void agent.ended.then(() => {
      isOver = true;
    });
    await eventually(async () => expect(isOver || (await isThere()) !== before).toBe(true));
    agent.kill("SIGKILL");
    await agent.ended;
    const events = readFileSync(file, "utf8").trim().split("\n");
    rmSync(file);
    return events;
  };
  for (const change of [come, go]) {
    const { length } = await follow(change, "none");
    const points = isLong
      ? Array.from({ length }, (_, at) => at)
      : [0.5, 0.99].map((part) => Math.floor(part * length));
    for (const at of points) {
      await (change === come ? go : come)();
      await tsd(1, "reload");
      await follow(change, String(at));
      await tsd(1, "reload");
      await eventually(async () => expect([at, await isThere()]).toEqual([at, change === come]));
      expect([at, await host.tsd(["check"])]).toMatchObject([at, { code: 0 }]);
    }
  }
});

test("a leader of etcd that is killed delays what needs agreement, and nothing else", async () => {
  const leader = await lab().etcd.leader();
  await lab().etcd.kill(leader);
  await eventually(async () => expect(await overlay(2, "next", "10.6.0.0/16")).toMatchObject({ code: 0 }));
  await tsd(2, "network", "rm", "next");
  lab().etcd.run(leader);
  await lab().etcd.healthy();
});

test("without a quorum containers start and meet on networks that hosts have, and what needs one is refused in words", async () => {
  const [first, second] = lab().etcd.members;
  const address = await addressOfContainer(1, "c1");
  await eventually(async () => expect(await lookUp(3, "c3", "c1")).toContain(address));
  for (const member of [first, second]) await lab().etcd.kill(member?.number ?? 0);
  await run(1, "during", "--net", "web");
  await meet([3, "c3"], [1, "during"]);
  const refused = await overlay(1, "next", "10.6.0.0/16");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/etcd/) });
  expect(await tsd(1, "network", "ls", "--format", "{{.Name}}")).not.toContain("next");
  // What was known is used; what may be there is not denied.
  expect(await lookUp(3, "c3", "c1")).toContain(address);
  expect(await lookUp(3, "c3", "c2x")).toContain("SERVFAIL");
  for (const member of [first, second]) lab().etcd.run(member?.number ?? 0);
  await lab().etcd.healthy();
  await eventually(async () => expect(await lookUp(3, "c3", "c2x")).toContain("NXDOMAIN"));
  await tsd(1, "rm", "-f", "during");
});

test("a host that is cut off from etcd for longer than its lease goes on as it was, and catches up once it is back", async () => {
  const flow = await Flow.start(
    await lab().host(3).insideOf("c3"),
    await lab().host(1).insideOf("c1"),
    await addressOfContainer(1, "c1"),
    4001,
  );
  // Host 3 sees one member alone, which has no quorum.
  await lab().underlay.cut([3, 13], [11, 12]);
  await eventually(async () => expect(await lab().etcd.keysOf(11, "/tsd/default/alive/host3")).toEqual([]));
  await run(3, "cut", "--net", "web");
  await meet([1, "c1"], [3, "cut"]);
  await lab().underlay.heal();
  await eventually(async () => expect(await lab().etcd.keys("/tsd/default/alive/host3")).not.toEqual([]));
  expect(await flow.stop()).toMatchObject({ lost: 0 });
  await tsd(3, "rm", "-f", "cut");
});

test("hosts that are cut off from each other meet again, and no third one loses a packet", async () => {
  await lab().underlay.cut([3], [1, 2, 11, 12, 13]);
  const namespace = await lab().host(3).insideOf("c3");
  expect(await pings(namespace, [await addressOfContainer(1, "c1")], 1)).toEqual([]);
  await lab().underlay.heal();
  await meet([3, "c3"], [1, "c1"]);
});

test("a host that comes back with an empty disk is refused by its name, until another host gives it up", async () => {
  const former = await addressOfContainer(3, "c3");
  await eventually(async () => expect(await lookUp(1, "c1", "c3")).toContain(former));
  await lab().host(3).powerOff();
  await lab().reinstall(3);
  expect(await join(3)).toMatchObject({ code: 1, stderr: expect.stringContaining(addressOf(3)) });
  // It would be taken for alive until its lease ends.
  await tsd(1, "cluster", "rm", "--force", "host3");
  await eventually(async () => expect(await lookUp(1, "c1", "c3")).toContain("NXDOMAIN"));
  expect(await join(3)).toMatchObject({ code: 0 });
  await run(3, "c3", "--net", "web");
  await meet([1, "c1"], [3, "c3"]);
  await meet([3, "c3"], [2, "c2"]);
  const [from, now] = [await lab().host(1).insideOf("c1"), await addressOfContainer(3, "c3")];
  if (former !== now) await eventually(async () => expect(await pings(from, [former], 1)).toEqual([]));
  await expectOrder([
    [1, "c1"],
    [2, "c2"],
    [3, "c3"],
  ]);
});

test("of hosts that claim one name, one address and blocks at once, one gets each, and the others' errors name it", async () => {
  const created = await Promise.all(numbers.map((number) => overlay(number, "race", `10.${number + 60}.0.0/16`)));
  expect(created.map(({ code }) => code).toSorted()).toEqual([0, 1, 1]);
  for (const { code, stderr } of created) if (code !== 0) expect(stderr).toContain("race");
  const words = ["run", "-d", "--name", "racer", "--net", "race", "busybox", "sleep", "600"];
  expect(await Promise.all(numbers.map((number) => lab().host(number).tsd(words)))).toMatchObject([
    { code: 0 },
    { code: 0 },
    { code: 0 },
  ]);
  const got = await Promise.all(numbers.map((number) => addressOfContainer(number, "racer", "race")));
  expect(new Set(got).size).toBe(3);
  const claimed = ["run", "-d", "--name", "claimer", "--net", "web", "--ip", "10.5.77.7", "busybox", "sleep", "600"];
  const claims = await Promise.all(numbers.map((number) => lab().host(number).tsd(claimed)));
  expect(claims.map(({ code }) => code).toSorted()).toEqual([0, 125, 125]);
  for (const number of numbers) await lab().host(number).tsd(["rm", "-f", "racer", "claimer"]);
  await eventually(() => tsd(2, "network", "rm", "race"));
});

test("etcd that is restored from an old backup learns what hosts have, and says so where two have one thing", async () => {
  const backup = await lab().etcd.backUp();
  expect(await overlay(1, "young", "10.70.0.0/16")).toMatchObject({ code: 0 });
  await run(1, "y1", "--net", "young");
  await run(2, "y2", "--net", "young");
  const young = await tsd(1, "network", "inspect", "--format", "{{.Id}}", "young");
  // Agents write of containers once these are there.
  await eventually(async () =>
    expect(await lab().etcd.keys(`/tsd/default/directory/${young}/endpoints/`)).toHaveLength(2),
  );
  const before = (await lab().etcd.keys()).filter((key) => !key.includes("/alive/"));
  await lab().etcd.restore(backup);
  await eventually(async () => {
    const after = (await lab().etcd.keys()).filter((key) => !key.includes("/alive/"));
    expect(after).toEqual(before);
  });
  const from = await lab().host(1).insideOf("y1");
  const far = await addressOfContainer(2, "y2", "young");
  expect(await pings(from, [far])).toEqual([far]);
  // Another host claimed the block meanwhile.
  const [block = ""] = before.filter((key) => key.includes(`${young}/blocks/`));
  const own = await lab().etcd.ctl("get", "--print-value-only", block);
  await lab().etcd.ctl("put", block, JSON.stringify("host3"));
  const holder = own.includes("host1") ? 1 : 2;
  const check = () => lab().host(holder).tsd(["check"]);
  await eventually(async () =>
    expect(await check()).toMatchObject({ code: 1, stdout: expect.stringMatching(/block .*host3/) }),
  );
  // Containers that have an address of it keep it, and no other gets one.
  await run(holder, "y3", "--net", "young");
  const fresh = await addressOfContainer(holder, "y3", "young");
  const cidr = block.split("/").at(-1)?.replace("_", "/") ?? "";
  expect({ cidr, fresh, isWithin: isWithin(fresh, cidr) }).toMatchObject({ isWithin: false });
  await tsd(holder, "rm", "-f", "y3");
  await lab().etcd.ctl("put", block, own.trim());
  await eventually(async () => expect(await check()).toMatchObject({ code: 0 }));
  for (const [number, name] of [
    [1, "y1"],
    [2, "y2"],
  ] as const)
    await tsd(number, "rm", "-f", name);
  await eventually(() => tsd(1, "network", "rm", "young"));
});

test("1,000 records that come and go leave nothing behind, and no packet of others is lost", async () => {
  const lists = 'for list in "ip route" "ip neighbour" "bridge fdb"; do $list show dev "$0" | sort; done';
  const tables = (): Promise<string> =>
    lab()
      .host(1)
      .mustRun(["sh", "-c", lists, `vx-${network.slice(0, 12)}`]);
  const before = await tables();
  await flap(lab().etcd, network, { hosts: 334, times: 2 });
  await eventually(async () => expect(await tables()).toBe(before));
  await expectOrder([
    [1, "c1"],
    [2, "c2"],
    [3, "c3"],
  ]);
});

test("of all that, two containers that are on other hosts than what was harmed noticed nothing, and nothing is left", async () => {
  expect(await unharmed.stop()).toMatchObject({ lost: 0 });
  for (const number of numbers) await tsd(number, "rm", "-f", `c${number}`);
  await eventually(() => tsd(1, "network", "rm", "web"));
  for (const number of numbers) await tsd(number, "cluster", "leave");
  expect(await lab().etcd.keys()).toEqual([]);
});
