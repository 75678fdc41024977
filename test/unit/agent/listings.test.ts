import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import { commonRecords, endpointId, keys, membership, networkId, recordsOf } from "../../support/agent/networks.js";

const db = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.0.3"], names: ["DB", "main"] };
const directory = keys.directoryOf(networkId);
const byAddress = `addresses/10.5.0.3/h1/${db.id}`;

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
    expect(listed().sort()).toEqual([
      byAddress,
      `endpoints/h1/${db.id}`,
      `names/db/h1/${db.id}`,
      `names/main/h1/${db.id}`,
    ]);
    expect(cluster.value(keys.endpoint(networkId, db.id))).toBeUndefined();
    host.attach({ ...db, names: ["db", "other"] });
    await host.clock.pass(1000);
    expect(listed().sort()).toEqual([
      byAddress,
      `endpoints/h1/${db.id}`,
      `names/db/h1/${db.id}`,
      `names/other/h1/${db.id}`,
    ]);
    host.attach({ ...db, addresses: ["10.5.0.4"], names: [] });
    await host.clock.pass(1000);
    expect(listed().sort()).toEqual([byAddress.replace("0.3", "0.4"), `endpoints/h1/${db.id}`]);
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
    expect(listed()).toHaveLength(4);
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

  test("is written again within an hour where another host has removed it", async () => {
    host.attach(db);
    await host.clock.pass(1000);
    const before = listed();
    cluster.write(Object.fromEntries(before.map((key) => [directory + key, undefined])));
    await host.clock.pass(3_600_000);
    expect(listed().sort()).toEqual(before.sort());
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

  test("has as many names there as other hosts read, and what is said of each is short", async () => {
    const names = Array.from({ length: 250 }, (_, at) => `${at}`.padStart(250, "n"));
    const more = [1, 2, 3].map((at) => ({ ...db, id: endpointId(`${at}`), mac: `02:00:00:00:12:0${at}`, names }));
    host.attach(...more, { ...db, id: endpointId("4"), mac: "02:00:00:00:12:04", addresses: ["10.5.200.4"], names });
    await host.clock.pass(10_000);
    expect(listed()).toHaveLength(3 * (1 + 47 + 1));
    const sizes = [...cluster.records.values()].map(({ value }) => value.length).sort((a, b) => b - a);
    expect(sizes.filter((size) => size > 12_500)).toEqual([]);
    expect(sizes.filter((size) => size > 2500)).toHaveLength(4);
    const { commits } = cluster;
    await host.clock.pass(10_000);
    expect(cluster.commits).toBe(commits);
    const many = Array.from({ length: 240 }, (_, at) => {
      const digits = at.toString(16).padStart(2, "0");
      const address = `10.5.200.${at + 1}`;
      return { id: digits.padStart(64, "a"), mac: `02:00:00:00:13:${digits}`, addresses: [address], names };
    });
    host.attach(...many);
    await host.clock.pass(10_000);
    expect(many.filter(({ id }) => cluster.value(keys.endpoint(networkId, id)) === undefined)).toEqual([]);
    expect(cluster.largest).toBeLessThanOrEqual(2 ** 20);
  });

  test("has as many names there as one change has room for", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `n${at}`);
    host.attach({ ...db, names });
    await host.clock.pass(1000);
    expect(listed()).toHaveLength(52);
    host.attach({ ...db, names: names.map((name) => `x${name}`) });
    await host.clock.pass(1000);
    expect(listed()).toHaveLength(52);
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
    expect(listed()).toHaveLength(3000);
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
  const names = [
    `names/db/h1/${db.id}`,
    `names/main/h1/${db.id}`,
    `names/new/h1/${other.id}`,
    byAddress,
    `addresses/10.5.0.7/h1/${other.id}`,
  ];
  const own = [db, other].map(({ id }) => `endpoints/h1/${id}`);
  expect(listed().sort()).toEqual([...left, ...own, ...names].sort());
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
