import { describe, expect, test } from "@jest/globals";
import type { NetworkSpec } from "../../../../src/api/index.js";
import { ClusterRecords } from "../../../../src/cluster/records/cluster-records.js";
import { Claims } from "../../../../src/engine/cluster/claims.js";
import type { ClusterClaims } from "../../../../src/engine/contracts/cluster.js";
import { Proposed } from "../../../../src/engine/plan/proposed.js";
import { deleteNote, listNotes, noteClaim, noteReturn } from "../../../../src/engine/rows/cluster-notes.js";
import { readMembership } from "../../../../src/engine/rows/membership.js";
import { TwoHosts } from "../../../support/cluster/cluster-agreement.js";
import { expectAgreement, expectNothingLeft } from "../../../support/engine/agreement.js";
import { atEveryStep } from "../../../support/engine/at-every-step.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

const options = { encrypted: "true" };
const web: NetworkSpec = { name: "web", driver: "overlay", subnets: ["10.5.0.0/16"], options };

async function joined(hosts: TwoHosts): Promise<{ readonly a: TsdProcess; readonly b: TsdProcess }> {
  const [a, b] = [await hosts.a.command(), await hosts.b.command()];
  await a.cluster.join({});
  await b.cluster.join({});
  return { a, b };
}

const use = (process: TsdProcess) => process.endpoints.attach({ netns: "/run/netns/a", network: "web" });
const keysOf = async (process: TsdProcess) =>
  (await process.cluster.inspect()).networks.flatMap(({ hosts }) => hosts.map(({ wireguard }) => wireguard));

describe("an encrypted network", () => {
  test("has a key and a port for each host in the cluster from the claim on, and another port for another network", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a, b } = await joined(hosts);
    hosts.b.busyPorts.add(51_820);
    const { id } = await a.networks.create(web);
    await use(b);
    const known = [hosts.a, hosts.b].map((world, at) => ({
      publicKey: world.publicKey({ network: id, generation: 1 }),
      port: 51_820 + at,
    }));
    expect(await keysOf(a)).toEqual(known);
    const second = await a.networks.create({ ...web, name: "db", subnets: ["10.6.0.0/16"] });
    expect(second.cluster?.wireguard).toEqual({ port: 51_821, generation: 1 });
    const chosen = { ...web, name: "x", subnets: ["10.7.0.0/16"] };
    for (const [port, why] of [
      ["51821", 'network "db" has it on this host'],
      ["4500", "another program of this host has it"],
    ] as const) {
      hosts.a.busyPorts.add(4500);
      await expect(a.networks.create({ ...chosen, options: { ...options, port } })).rejects.toMatchObject({
        kind: "conflict",
        message: `network "x" cannot have UDP port ${port} for what it encrypts: ${why}`,
      });
    }
    await hosts.expectAgreement();
  });

  test("has a port of its own where two are created at once, and what both ask for is one's", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a } = await joined(hosts);
    const other = await hosts.a.command();
    const db = { ...web, name: "db", subnets: ["10.6.0.0/16"] };
    const both = await Promise.all([a.networks.create(web), other.networks.create(db)]);
    expect(both.map(({ cluster }) => cluster?.wireguard?.port).sort()).toEqual([51_820, 51_821]);
    const chosen = { ...options, port: "4500" };
    const outcomes = await Promise.allSettled([
      a.networks.create({ ...web, name: "x", subnets: ["10.7.0.0/16"], options: chosen }),
      other.networks.create({ ...web, name: "y", subnets: ["10.8.0.0/16"], options: chosen }),
    ]);
    expect(outcomes).toEqual([
      expect.objectContaining({ status: "fulfilled" }),
      expect.objectContaining({
        reason: expect.objectContaining({
          message: 'network "y" cannot have UDP port 4500 for what it encrypts: network "x" has it on this host',
        }),
      }),
    ]);
    await hosts.expectAgreement();
  });

  test("is planned again where another command has noted its port since", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    await joined(hosts);
    const { store } = hosts.a;
    const owner = { pid: 1, start: 1, bootId: "b" };
    const noteOf = (id: string) => ({ of: "network", id, name: id, goes: true, port: 51_820 }) as const;
    const claims = new Claims(
      {
        ...{ store, membership: () => readMembership(store), cluster: async () => ({}) as ClusterClaims },
        processes: { self: () => owner, isAlive: () => true, isRunning: () => true },
      },
      { settle: async () => undefined },
    );
    store.transaction(() => noteClaim(store, noteOf("db"), owner));
    const proposed = new Proposed();
    const claim = async () => expect("nothing").toBe("claimed") as never;
    expect(await claims.claim({ note: noteOf("web"), claim }, proposed)).toEqual([]);
    expect(proposed).toMatchObject({ lacking: undefined, place: undefined });
    store.transaction(() => deleteNote(store, noteOf("db")));
  });

  test("is claimed again where another command of the host has begun to give back what it claimed", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a, b } = await joined(hosts);
    await a.networks.create(web);
    const { cluster, store } = hosts.b;
    const { commit } = cluster;
    let commits = 0;
    cluster.commit = async (change) => {
      const outcome = await commit.call(cluster, change);
      const [note] = listNotes(store);
      if (commits++ > 0 || note?.of !== "network") return outcome;
      store.transaction(() => noteReturn(store, note, { owner: note.owner }));
      const epoch = readMembership(store)?.epoch ?? "";
      await new ClusterRecords(cluster, "default").leaveNetwork(note.id, { name: "b", epoch });
      return outcome;
    };
    await use(b);
    await hosts.expectAgreement();
  });

  test.each([
    ["encrypted", options, 51_820],
    ["encrypted", options, 4789],
    ["in clear", {}, 4789],
  ])("%s and a container's published port are not the same, whichever comes first: %j", async (_how, asked, port) => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a } = await joined(hosts);
    const run = () =>
      a.containers.runDetached({
        ...{ image: "busybox", name: "dns" },
        publish: [`${port}:53/udp`],
      });
    await a.networks.create({ ...web, options: asked });
    await expect(run()).rejects.toMatchObject({
      code: "TSD_WIRE_PORT",
      message: `port ${port}/udp is that of network "web" between its hosts`,
    });
    await a.networks.remove("web");
    await run();
    // One that is free is chosen for WireGuard.
    if (port !== 4789) expect((await a.networks.create(web)).cluster?.wireguard?.port).toBe(51_821);
    else
      await expect(a.networks.create({ ...web, options: asked })).rejects.toMatchObject({
        code: "TSD_WIRE_PORT",
        message: expect.stringMatching(
          /^network "web" needs UDP port 4789 between its hosts, which is published by container "dns" \(\w+\)$/,
        ),
      });
    await hosts.expectAgreement();
  });

  test("leaves no key where another network of the cluster has what it asks for", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a, b } = await joined(hosts);
    await a.networks.create(web);
    await expect(b.networks.create({ ...web, name: "db" })).rejects.toMatchObject({ kind: "conflict" });
    expect(hosts.b.keyCount).toBe(0);
  });

  test("is refused by a host that cannot encrypt, before anything is claimed", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a, b } = await joined(hosts);
    hosts.b.lackOfWireguard = "its kernel has no WireGuard";
    await expect(b.networks.create(web)).rejects.toThrow(
      'network "web": host b cannot encrypt (its kernel has no WireGuard), and sends nothing in clear instead',
    );
    expect((await a.cluster.inspect()).networks).toEqual([]);
    await a.networks.create(web);
    await expect(use(b)).rejects.toMatchObject({ code: "TSD_OPTION_CONFLICT" });
    expect(await keysOf(a)).toHaveLength(1);
    expect(hosts.b.store.networks.list()).toEqual([]);
    await hosts.expectAgreement();
  });

  test("keeps the keys that hosts have in it when one of them needs another block", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a } = await joined(hosts);
    await a.networks.create({ ...web, options: { ...options, block: "30" } });
    const before = await keysOf(a);
    for (let count = 1; count <= 4; count++)
      await a.containers.runDetached({ image: "busybox", name: `c${count}`, networks: [{ network: "web" }] });
    expect(hosts.a.store.networks.resolve("web").network.cluster?.blocks).toHaveLength(2);
    expect(await keysOf(a)).toEqual(before);
  });
});

const overlay = async (process: TsdProcess): Promise<unknown> => {
  await process.cluster.join({});
  await process.networks.create(web);
  return use(process);
};
const generationIn = (world: World): number | undefined =>
  world.store.networks.resolve("web").network.cluster?.wireguard?.generation;

describe("another key", () => {
  test("takes the place of the one before, for all encrypted networks or those that are named", async () => {
    using world = new World();
    const process = await world.command();
    await overlay(process);
    const { id } = world.store.networks.resolve("web");
    await process.networks.create({ name: "clear", driver: "overlay", subnets: ["10.6.0.0/16"] });
    const key = (generation: number) => world.publicKey({ network: id, generation });
    expect(await process.cluster.rotateKeys()).toEqual([{ network: "web", publicKey: key(2) }]);
    expect(await process.cluster.rotateKeys(["web"])).toEqual([{ network: "web", publicKey: key(3) }]);
    expect(generationIn(world)).toBe(3);
    expect(world.kernel.lines().filter((line) => line.startsWith("wireguard "))).toEqual([
      expect.stringMatching(/^wireguard wg-\w+ 3 51820$/),
    ]);
    expectAgreement(world);
    await expect(process.cluster.rotateKeys(["clear"])).rejects.toMatchObject({
      kind: "invalid-input",
      message: 'network "clear" has no key: it is not encrypted',
    });
  });

  test.each(["kill", "failure"] as const)(
    "is whole after a %s at any step: the next command has one or the other",
    async (how) => {
      await atEveryStep(
        { before: overlay, act: (process) => process.cluster.rotateKeys() },
        { kind: how },
        async ({ world }) => {
          const next = await world.command();
          expectAgreement(world);
          expect([1, 2]).toContain(generationIn(world));
          await next.cluster.rotateKeys();
          expectAgreement(world);
          await next.endpoints.detach(world.store.endpoints.list()[0]?.id ?? "");
          await next.networks.remove("web");
          expectNothingLeft(world);
        },
      );
    },
  );
});
