import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Peer } from "../../../src/api/index.js";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import type { ElsewhereQuestion } from "../../../src/contracts/index.js";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import { commonRecords, endpointId, keys, membership, networkId, recordsOf } from "../../support/agent/networks.js";

const db = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.0.3"], names: ["DB", "main"] };
const directory = keys.directoryOf(networkId);

let cluster: MemoryCluster;
let host: AgentHost;

beforeEach(async () => {
  cluster = new MemoryCluster();
  cluster.write({ ...commonRecords(), ...recordsOf(1), ...recordsOf(2) });
  host = new AgentHost(cluster);
  await host.begin();
  await host.clock.pass(1000);
});

afterEach(() => host.agent.leave());

const listed = () =>
  [...cluster.records.keys()].filter((key) => key.startsWith(directory)).map((key) => key.slice(directory.length));

describe("an endpoint of this host whose block says where it is", () => {
  test("is in the directory with its names, which follow it, and no host watches it", async () => {
    host.attach(db);
    await host.clock.pass(1000);
    expect(listed().sort()).toEqual([`endpoints/h1/${db.id}`, `names/db/h1/${db.id}`, `names/main/h1/${db.id}`]);
    expect(cluster.value(keys.endpoint(networkId, db.id))).toBeUndefined();
    host.attach({ ...db, names: ["db", "other"] });
    await host.clock.pass(1000);
    expect(listed().sort()).toEqual([`endpoints/h1/${db.id}`, `names/db/h1/${db.id}`, `names/other/h1/${db.id}`]);
    host.attach();
    await host.clock.pass(1000);
    expect(listed()).toEqual([]);
  });

  test("is what an agent that was killed left, and the next removes it if it is gone", async () => {
    host.attach(db);
    await host.clock.pass(1000);
    await host.agent.leave();
    host.attach();
    host.start();
    await host.begin();
    await host.clock.pass(1000);
    expect(listed()).toEqual([]);
  });

  test("moves between the directory and what others follow with its address", async () => {
    host.attach(db);
    await host.clock.pass(1000);
    host.attach({ ...db, addresses: ["10.5.200.9"] });
    await host.clock.pass(1000);
    expect(listed()).toEqual([]);
    expect(cluster.value(keys.endpoint(networkId, db.id))).toMatchObject({ names: db.names });
    host.attach(db);
    await host.clock.pass(1000);
    expect(listed()).toHaveLength(3);
    expect(cluster.value(keys.endpoint(networkId, db.id))).toBeUndefined();
  });

  test("is followed by all where the network is one segment", async () => {
    const network = host.network;
    host.network = () => ({ ...(network() as NonNullable<ReturnType<typeof network>>), isStretched: true });
    host.attach(db);
    await host.clock.pass(1000);
    expect(listed()).toEqual([]);
    expect(cluster.value(keys.endpoint(networkId, db.id))).toMatchObject({ names: db.names });
  });

  test("goes with its host, and with the network, whatever else stands there", async () => {
    const others = keys.listedEndpoint(networkId, "h2", db.id);
    host.attach(db, { ...db, id: endpointId("2"), mac: "02:00:00:00:11:12", addresses: ["10.5.0.4"] });
    await host.clock.pass(1000);
    const junk = ["zz", "zz/", "zz/x", "", "/x"].map((id) => [keys.listedEndpoint(networkId, "h1", id), "junk"]);
    cluster.write({ ...Object.fromEntries(junk), [others]: "junk" });
    await host.agent.leave();
    const records = new ClusterRecords(cluster.state, membership.cluster);
    await records.leaveNetwork(networkId, { name: "h1", epoch: membership.epoch });
    expect(listed()).toEqual([`endpoints/h2/${db.id}`]);
  });

  test("has as many names there as one change has room for", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `n${at}`);
    host.attach({ ...db, names });
    await host.clock.pass(1000);
    expect(listed()).toHaveLength(51);
    host.attach({ ...db, names: names.map((name) => `x${name}`) });
    await host.clock.pass(1000);
    expect(listed()).toHaveLength(51);
    expect(listed()).toContain(`names/xn0/h1/${db.id}`);
  });

  test("a thousand that come at once are all there", async () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({
      id: at.toString(16).padStart(64, "0"),
      mac: `02:42:00:00:0${at >> 8}:${(at & 255).toString(16).padStart(2, "0")}`,
      addresses: ["10.5.0.3"],
      names: [`n${at}`],
    }));
    host.attach(...many);
    await host.clock.pass(10_000);
    expect(listed()).toHaveLength(2000);
  });
});

describe("endpoints of other hosts", () => {
  const cache = { host: "h2", mac: "02:00:00:00:22:22", addresses: ["10.5.2.3"], names: ["Cache"] };
  const at = { host: "h2", id: endpointId("2") };
  const find = (question: ElsewhereQuestion) => host.agent.reply(networkId, question);
  const namesIn = async (question: ElsewhereQuestion) => (await find(question)).endpoints.map(({ names }) => names[0]);

  function list(record: unknown, { host: of, id }: { readonly host: string; readonly id: string } = at): void {
    cluster.write({
      [keys.listedEndpoint(networkId, of, id)]: record,
      [keys.namedEndpoint(networkId, "cache", { host: of, id })]: record,
    });
  }

  test("are found by name in any case, by address, and as a list, and are no peers", async () => {
    list(cache);
    await host.clock.pass(1000);
    const found = { endpoints: [{ kind: "endpoint", ...cache, address: "192.0.2.2" }], total: 1 };
    expect(await find({ name: "CACHE" })).toMatchObject(found);
    expect(await find({ address: "10.5.2.3" })).toMatchObject(found);
    expect(await find({ first: 10 })).toMatchObject(found);
    expect(host.names).toEqual(["h2"]);
    expect(await find({ name: "db" })).toEqual({ endpoints: [], total: 0 });
    expect(await find({ address: "10.5.2.4" })).toEqual({ endpoints: [], total: 0 });
    expect(await find({ address: "10.5.77.4" })).toEqual({ endpoints: [], total: 0 });
  });

  test("that go, or move to another host, are found as they are then", async () => {
    list(cache);
    expect(await namesIn({ name: "cache" })).toEqual(["Cache"]);
    cluster.write(recordsOf(3));
    await host.clock.pass(1000);
    list(undefined);
    list({ ...cache, host: "h3", addresses: ["10.5.3.3"] }, { ...at, host: "h3" });
    expect((await find({ name: "cache" })).endpoints).toMatchObject([{ host: "h3", address: "192.0.2.3" }]);
  });

  test.each([
    ["an address of another host's block", { ...cache, addresses: ["10.5.0.9"] }, at],
    ["an address of no block", { ...cache, addresses: ["10.5.77.9"] }, at],
    ["an address of the world", { ...cache, addresses: ["203.0.113.9"] }, at],
    ["another host's name", { ...cache, host: "h1" }, at],
    ["the place of another host", cache, { ...at, host: "h3" }],
    ["a host that is no member", { ...cache, host: "h9" }, { ...at, host: "h9" }],
    ["an id that is none", cache, { ...at, id: "junk" }],
    ["another name than it is listed for", { ...cache, names: ["db"] }, at],
    ["nothing that is of use", "junk", at],
  ])("count for nothing where a record has %s", async (_, record, where) => {
    list(record, where);
    expect(await find({ name: "cache" })).toEqual({ endpoints: [], total: 0 });
  });

  test("are those in the place of their own host, also where another has a place there too", async () => {
    cluster.write(recordsOf(3));
    await host.clock.pass(1000);
    const third = {
      ...cache,
      host: "h3",
      mac: "02:00:00:00:33:33",
      addresses: ["10.5.3.3"],
      names: ["cache", "third"],
    };
    list(third, { host: "h3", id: endpointId("3") });
    list(cache, { host: "h2", id: endpointId("4") });
    list({ ...cache, addresses: ["10.5.2.9"], mac: "02:00:00:00:22:23" }, { host: "h3", id: endpointId("5") });
    const { endpoints } = await find({ name: "cache" });
    expect(endpoints.map(({ addresses }) => addresses)).toEqual([["10.5.2.3"], ["10.5.3.3"]]);
  });

  test("stay where another host takes their id, or their MAC address", async () => {
    cluster.write(recordsOf(3));
    await host.clock.pass(1000);
    const other = { ...cache, host: "h3", addresses: ["10.5.3.3"] };
    list({ ...other, names: ["cache"] }, { host: "h3", id: endpointId("3") });
    list(cache);
    for (const taken of [
      { ...other, mac: "02:00:00:00:33:33" },
      { ...other, addresses: ["203.0.113.9"] },
    ]) {
      list(taken, { ...at, host: "h3" });
      const { endpoints } = await find({ name: "cache" });
      expect(endpoints.flatMap(({ addresses }) => addresses)).toContain("10.5.2.3");
    }
  });

  test("of which another host writes a million cost one reading of a few", async () => {
    cluster.write(
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, number) => {
          const id = number.toString(16).padStart(64, "0");
          return [keys.namedEndpoint(networkId, "cache", { host: "a", id }), "x".repeat(100)];
        }),
      ),
    );
    const { reads } = cluster;
    await Promise.all([find({ name: "cache" }), find({ name: "cache" }), find({ name: "cache" })]);
    expect(cluster.reads).toBe(reads + 1);
    expect(host.troubles).toBe("");
  });

  test("are found by an agent that has not read yet, as far as the one before it knew their hosts", async () => {
    list(cache);
    await host.clock.pass(1000);
    await host.agent.leave();
    // So many hosts read after a pause that is drawn for each.
    const known = [...host.rows.values()];
    for (let at = 0; at < 200; at++)
      host.rows.set(`${at}`, { ...known[0], id: `${at}`, host: `x${at}`, blocks: [] } as Peer);
    host.start();
    void host.agent.begin([networkId]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await namesIn({ name: "cache" })).toEqual(["Cache"]);
    expect(await namesIn({ address: "10.5.2.3" })).toEqual(["Cache"]);
    list({ ...cache, host: "h3", addresses: ["10.5.3.3"], names: ["cache"] }, { ...at, host: "h3" });
    list(undefined);
    await expect(find({ name: "cache" })).rejects.toThrow("was not read yet");
    await host.clock.pass(10_000);
    expect(await find({ name: "cache" })).toEqual({ endpoints: [], total: 0 });
  });

  test("cannot be found while the state is away, nor when too much is asked at once", async () => {
    const many = Array.from({ length: 150 }, (_, number) => find({ name: `n${number}` }));
    const outcomes = await Promise.allSettled(many);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(128);
    cluster.isDown = true;
    await expect(find({ name: "cache" })).rejects.toThrow("memory cannot be reached");
    await expect(host.agent.reply("another", { name: "cache" })).rejects.toThrow("not followed");
  });
});

test.each([
  ["a key that is a prefix of another", ["zz/", "zz/x", "/", "/x", "zz"]],
  ["a key that is the prefix of all", [""]],
])("another host that writes %s into this one's part keeps it from nothing, and takes nothing", async (_, ids) => {
  host.attach(db);
  await host.clock.pass(1000);
  await host.agent.leave();
  const junk = { host: "h1", mac: db.mac, addresses: ["10.5.200.9"], names: ["db"] };
  const places = (id: string) => [keys.listedEndpoint(networkId, "h1", id), keys.endpoint(networkId, id)];
  cluster.write({
    ...Object.fromEntries(ids.flatMap(places).map((key) => [key, junk])),
    ...Object.fromEntries(ids.map((id) => [keys.held(networkId, id), "h1"])),
  });
  host.start();
  const other = { ...db, id: endpointId("4"), mac: "02:00:00:00:11:14", addresses: ["10.5.0.7"], names: ["new"] };
  host.attach(db, other);
  await host.begin();
  await host.clock.pass(10_000);
  expect(host.troubles).not.toContain("twice");
  const left = ids.includes("") ? ["endpoints/h1/"] : [];
  const names = [`names/db/h1/${db.id}`, `names/main/h1/${db.id}`, `names/new/h1/${other.id}`];
  expect(listed().sort()).toEqual([...left, `endpoints/h1/${db.id}`, `endpoints/h1/${other.id}`, ...names].sort());
  const { commits } = cluster;
  await host.clock.pass(10_000);
  expect(cluster.commits - commits).toBe(0);
});

test("another host that fills this one's part of the directory keeps it from nothing", async () => {
  const junk = Object.fromEntries(
    Array.from({ length: 1200 }, (_, at) => [keys.listedEndpoint(networkId, "h1", `!${at}`), "x".repeat(16_000)]),
  );
  await host.agent.leave();
  cluster.write(junk);
  host.start();
  host.attach(db);
  await host.begin();
  await host.clock.pass(120_000);
  expect(host.troubles).toBe("");
  expect(listed()).toContain(`endpoints/h1/${db.id}`);
  expect(listed().length).toBeLessThan(200);
});
