import { setTimeout } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { useClusterLab } from "../support/cluster/cluster-lab.js";
import { type Echoes, echoes } from "../support/cluster/echoes.js";
import { EntryWatch } from "../support/cluster/entry-watch.js";
import { Flow } from "../support/cluster/flow.js";
import { pings } from "../support/cluster/pings.js";
import { addressOf } from "../support/cluster/underlay.js";
import { eventually } from "../support/eventually.js";
import { mustRun } from "../support/lab/program.js";

/** Other kernels have no netem; and the time of a machine is set where nothing else needs it. */
const lab = useClusterLab(2, [11]);
const numbers = [1, 2] as const;
const COUNT = 300;

/** Networks by mode, of which each host has one container. */
const networks = { routed: "10.5.0.0/16", l2: "10.6.0.0/16" } as const;
type Mode = keyof typeof networks;
const modes = Object.keys(networks) as readonly Mode[];

const tsd = (number: number, ...words: readonly string[]) => lab().host(number).mustTsd(words);
/** Commands wait some seconds for the agent, which has little of a processor under emulation. */
const insist = (number: number, ...words: readonly string[]) => eventually(() => tsd(number, ...words));
const run = (number: number, name: string, ...flags: readonly string[]) =>
  eventually(async () => {
    await lab().host(number).tsd(["rm", "-f", name]);
    await tsd(number, "run", "-d", "--name", name, ...flags, "busybox", "sleep", "36000");
  });
const insideOf = (number: number, container = "pair") => lab().host(number).insideOf(container);
const farAddress = (mode: Mode, container = "pair") =>
  tsd(2, "inspect", "--format", `{{(index .NetworkSettings.Networks "${mode}").IPAddress}}`, container);

/** By mode: where echo requests of host 1's container go. */
const far = new Map<Mode, string>();
const watches: EntryWatch[] = [];

/** Sets the clock of all hosts, which are in one machine, so many hours ahead. */
async function jump(hours: number): Promise<void> {
  await mustRun(["date", "--set", `@${Math.round(Date.now() / 1000) + hours * 3600}`]);
}

function say(found: object): void {
  process.stdout.write(`test-vm: ${JSON.stringify(found)}\n`);
}

/** Of routes, neighbours and entries of tunnels, on both hosts and in both networks. */
async function changes(): Promise<readonly string[]> {
  return (await Promise.all(watches.map((watch) => watch.changes()))).flat();
}

beforeAll(async () => {
  await tsd(1, "cluster", "join", "--etcd", lab().etcd.urls);
  // Their clocks are far apart as far as the cluster can tell.
  await jump(7);
  await tsd(2, "cluster", "join", "--etcd", lab().etcd.urls);
  await jump(-7);
  for (const mode of modes)
    await insist(1, "network", "create", "--driver", "overlay", "-o", `mode=${mode}`, "--subnet", networks[mode], mode);
  for (const number of numbers) {
    await run(number, "pair", "--net", "routed");
    await insist(number, "network", "connect", "l2", "pair");
  }
  for (const mode of modes) {
    const address = await farAddress(mode);
    far.set(mode, address);
    await eventually(async () => expect(await pings(await insideOf(1), [address])).toEqual([address]));
    const id = await tsd(1, "network", "inspect", "--format", "{{.Id}}", mode);
    for (const host of lab().hosts) watches.push(await EntryWatch.start(host, `vx-${id.slice(0, 12)}`));
  }
});

describe("a clock", () => {
  const alive = () => lab().etcd.keys("/tsd/default/alive/");
  const both = numbers.map((number) => `/tsd/default/alive/host${number}`);

  test("that jumps by hours, to and fro, ends no lease, and takes no packet and no entry away", async () => {
    await eventually(async () => expect(await alive()).toEqual(both));
    const flow = await Flow.start(await insideOf(1), await insideOf(2), far.get("routed") ?? "");
    for (const hours of [9, -20, 11]) {
      await jump(hours);
      // Longer than a lease.
      for (const end = performance.now() + 40_000; performance.now() < end; await setTimeout(1000))
        expect(await alive()).toEqual(both);
      if (hours > 0) continue;
      await run(2, "late", "--net", "routed");
      const late = await farAddress("routed", "late");
      await eventually(async () => expect(await pings(await insideOf(1), [late])).toEqual([late]));
      await tsd(2, "rm", "-f", "late");
    }
    const { lost, sent } = await flow.stop();
    say({ lost, sent });
    expect(lost).toBe(0);
    expect(await changes()).toEqual([]);
    for (const number of numbers) await insist(number, "check");
  });
});

/** On the wire itself, and by each network, at the same time. */
async function everywhere(): Promise<Readonly<Record<Mode | "wire", Echoes>>> {
  const inside = await insideOf(1);
  const [wire, routed, l2] = await Promise.all([
    echoes(lab().host(1), addressOf(2), COUNT),
    ...modes.map((mode) => echoes(inside, far.get(mode) ?? "", COUNT)),
  ]);
  const found = { wire, routed, l2 } as Readonly<Record<Mode | "wire", Echoes>>;
  say(found);
  return found;
}

/** Words for netem in each direction, and what must hold of the wire and of each network. Five standard deviations of 300. */
const roughness: readonly (readonly [what: string, words: string, holds: (echoes: Echoes) => void])[] = [
  [
    "loses every fifth packet",
    "loss 20%",
    ({ replied, sent }) => expect(Math.abs(replied / sent - 0.64)).toBeLessThan(0.14),
  ],
  [
    "delays packets by 30 ms, more or less",
    "delay 30ms 10ms",
    ({ replied, sent, fastest }) => expect([replied, fastest >= 40]).toEqual([sent, true]),
  ],
  [
    "sends every fourth packet twice",
    "duplicate 25%",
    ({ replied, sent, duplicates }) => {
      expect(replied).toBe(sent);
      expect(Math.abs(duplicates / sent - 0.5625)).toBeLessThan(0.25);
    },
  ],
  [
    "reorders packets",
    "delay 50ms reorder 50%",
    ({ replied, sent, late }) => expect([replied, late > 10]).toEqual([sent, true]),
  ],
];

describe("a network over a wire that", () => {
  afterEach(() => lab().underlay.disturb(numbers, []));

  test.each(roughness)("%s does no worse than the wire, and no entry changes", async (_, words, holds) => {
    await lab().underlay.disturb(numbers, words.split(" "));
    for (const found of Object.values(await everywhere())) holds(found);
    expect(await changes()).toEqual([]);
  });
});

test("all of it goes", async () => {
  await Promise.all(watches.map((watch) => watch.stop()));
  for (const number of numbers) await tsd(number, "rm", "-f", "pair");
  for (const mode of modes) await insist(1, "network", "rm", mode);
  for (const number of numbers) await tsd(number, "cluster", "leave");
  expect(await lab().etcd.keys()).toEqual([]);
});
