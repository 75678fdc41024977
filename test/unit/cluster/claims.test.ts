import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { openLocalState } from "../../../src/cluster/local/open-local-state.js";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import type { ClusterState } from "../../../src/contracts/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { type Cidr, overlaps, readCidr } from "../../../src/ipam/cidr.js";
import { host, network } from "../../support/cluster-state/records-lab.js";

const directory = mkdtempSync(join(tmpdir(), "tsd-claims-"));
const state = openLocalState(join(directory, "cluster.db"));
afterAll(async () => {
  await state[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** Every question and every change of a host waits for its turn among those of the others. */
function inTurns(scheduler: fc.Scheduler): ClusterState {
  return {
    place: state.place,
    read: async (key) => await scheduler.schedule(Promise.resolve()).then(() => state.read(key)),
    commit: async (change) => await scheduler.schedule(Promise.resolve()).then(() => state.commit(change)),
    lease: (seconds) => state.lease(seconds),
    watch: (prefixes, revision, signal) => state.watch(prefixes, revision, signal),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const HOSTS = 3;
const names = ["web", "db", "api"];
const addresses = ["10.5.0.66", "10.5.0.130", "10.5.0.200"];

/** What one host does, by numbers that choose among names, subnets and addresses. */
const act = fc.record({
  host: fc.nat(HOSTS - 1),
  verb: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom("join", "hold", "create") },
    { weight: 1, arbitrary: fc.constantFrom("claim", "release", "leave", "remove", "rm host", "claim host") },
  ),
  // The first is there already.
  name: fc.oneof(fc.constant("web"), fc.constantFrom(...names)),
  subnet: fc.constantFrom("10.5.0.0/24", "10.6.0.128/25", "10.6.0.0/24"),
  address: fc.constantFrom(...addresses),
  vni: fc.constantFrom(undefined, 77),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Clusters of the runs, which share one state. */
let runs = 0;

async function perform({ host: at, verb, name, subnet, address, vni }: Act, records: ClusterRecords): Promise<unknown> {
  const own = host(at);
  const held = async () => ({ name, id: (await records.network(name))?.id ?? "none", address });
  switch (verb) {
    case "claim host":
      return await records.claimHost({ ...own, address: "10.0.0.1" });
    case "rm host":
      return await records.removeHost(own.name, { force: true });
    case "create": {
      const gateway = `${subnet.split(".0/")[0]}.1`.replace("128/25.1", "129");
      const subnets = [{ cidr: subnet, gateway, blockPrefix: 26 }];
      return await records.createNetwork(network(name, { subnets, ...(vni === undefined ? {} : { vni }) }), own);
    }
    case "remove":
      return await records.removeNetwork(name, own);
    case "join":
      return await records.joinNetwork(name, own);
    case "claim":
      return await records.claimBlock(name, own, subnet);
    case "hold":
      return await records.holdAddress(await held(), own);
    case "release":
      return await records.releaseAddress(await held(), own, () => true);
    case "leave":
      return await records.leaveNetwork((await held()).id, own);
  }
}

const cidr = (text: string) => readCidr(text)?.cidr as Cidr;
const isOnce = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);

/** Fails where something is two's, or belongs to what is not there. */
async function expectOneHolder(cluster: string): Promise<void> {
  const records = new ClusterRecords(state, cluster);
  const { hosts, networks, unreadable } = await records.read();
  expect(unreadable).toEqual([]);
  isOnce([...hosts.values()].map(({ address }) => address));
  isOnce([...networks.values()].map(({ vni }) => vni));
  const vnis = (await state.read(`/tsd/${cluster}/vnis/`)).records.map(({ value }) => JSON.parse(value));
  expect(vnis.toSorted()).toEqual([...networks.keys()].toSorted());
  const subnets = [...networks.values()].flatMap((one) => one.subnets.map((subnet) => cidr(subnet.cidr)));
  for (const [at, one] of subnets.entries())
    expect(subnets.slice(at + 1).filter((other) => overlaps(one, other))).toEqual([]);
  for (const { id } of networks.values()) {
    const view = await records.readNetwork(id);
    expect(view.unreadable).toEqual([]);
    // A host that has a block is a member, and a member is a host of the cluster.
    expect([...view.members.keys()]).toEqual(expect.arrayContaining([...view.blocks.values()]));
    for (const [name, member] of view.members) expect(hosts.get(name)?.epoch).toBe(member.epoch);
    for (const name of view.held.values()) expect([...hosts.keys()]).toContain(name);
    await expectHeldBeforeBlocks(cluster, id);
  }
}

/** A host learns of the addresses in a block that others hold as it claims the block: later ones it would not know. */
async function expectHeldBeforeBlocks(cluster: string, id: string): Promise<void> {
  const entries = async (kind: string) =>
    (await state.read(`/tsd/${cluster}/network/${id}/${kind}/`)).records.map(({ key, value, created }) => ({
      name: key.split("/").at(-1)?.replace("_", "/") ?? "",
      value,
      created,
    }));
  const blocks = await entries("blocks");
  for (const held of await entries("held"))
    for (const block of blocks)
      if (block.value !== held.value && overlaps(cidr(block.name), cidr(`${held.name}/32`)))
        expect(held.created).toBeLessThan(block.created);
}

test("whatever hosts do at once, nothing is two's, and a refusal is in words", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(act, { minLength: 2, maxLength: 8 }), async (scheduler, acts) => {
      const cluster = `p${runs++}`;
      const direct = new ClusterRecords(state, cluster);
      for (let at = 0; at < HOSTS; at++) await direct.claimHost(host(at));
      await direct.createNetwork(
        network("web", { subnets: [{ cidr: "10.5.0.0/24", gateway: "10.5.0.1", blockPrefix: 26 }] }),
        host(0),
      );
      const turns = new ClusterRecords(inTurns(scheduler), cluster);
      const settled = await scheduler.waitFor(Promise.allSettled(acts.map((one) => perform(one, turns))));
      const failures = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      for (const error of failures)
        expect(TsdError.is(error) ? error.kind : error).toMatch(/^(conflict|not-found|exhausted)$/);
      await expectOneHolder(cluster);
    }),
    { numRuns: 100 },
  );
});
