import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import { commonRecords, endpointId, keys, networkId, recordsOf, without } from "../../support/agent/networks.js";

const db = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.0.2"], names: ["db"] };
const alive = keys.aliveHost("h1");
const own = keys.member(networkId, "h1");

let cluster: MemoryCluster;
let host: AgentHost;

beforeEach(() => {
  cluster = new MemoryCluster();
  cluster.write({ ...commonRecords(), ...recordsOf(1), ...recordsOf(2) });
  host = new AgentHost(cluster);
});

afterEach(() => host.agent.leave());

describe("a host that joins a network", () => {
  test("has its peers before the command goes on, is alive, and says what it has", async () => {
    host.attach(db);
    expect(await host.begin()).toBeUndefined();
    expect(host.names).toEqual(["h2"]);
    await host.clock.pass(1000);
    expect(cluster.value(alive)).toBe("epoch-of-h1");
    expect(cluster.value(own)).toMatchObject({ mac: "02:00:00:00:00:01", isUsed: true });
    const { id, ...rest } = db;
    expect(cluster.value(keys.listedEndpoint(networkId, "h1", id))).toEqual({ host: "h1", ...rest });
    expect(host.troubles).toBe("");
  });

  test("follows who comes and goes, and is followed by what comes and goes on it", async () => {
    await host.begin();
    cluster.write(recordsOf(3));
    await host.clock.pass(1000);
    expect(host.names).toEqual(["h2", "h3"]);
    cluster.write({ [keys.member(networkId, "h2")]: undefined, [keys.block(networkId, "10.5.2.0/26")]: undefined });
    await host.clock.pass(1000);
    expect(host.names).toEqual(["h3"]);
    host.attach(db);
    await host.clock.pass(2000);
    expect(cluster.value(own)).toMatchObject({ isUsed: true });
    host.attach();
    await host.clock.pass(2000);
    expect(cluster.value(own)).toMatchObject({ isUsed: false });
    expect(cluster.value(keys.listedEndpoint(networkId, "h1", db.id))).toBeUndefined();
    expect(host.log).toEqual(["+h2", "+h3", "-h2"]);
  });

  test("is refused in words where the cluster's state cannot be reached, and nothing of it stays", async () => {
    cluster.isDown = true;
    expect(await host.begin()).toContain("memory cannot be reached");
    expect(host.agent.size).toBe(0);
  });

  test("is refused where another host took its name and nothing of this one is followed by others", async () => {
    cluster.write({ [keys.host("h1")]: { ...(recordsOf(1)[keys.host("h1")] as object), epoch: "another" } });
    host.attach(db);
    expect(await host.begin()).toBeUndefined();
    await host.clock.pass(60_000);
    expect(host.troubles).toContain("another host joined cluster default as h1");
    expect(cluster.value(keys.listedEndpoint(networkId, "h1", db.id))).toBeUndefined();
    expect(cluster.value(alive)).toBeUndefined();
  });
});

describe("what works goes on", () => {
  beforeEach(async () => {
    host.attach(db);
    await host.begin();
    await host.clock.pass(1000);
    host.log.length = 0;
  });

  test("while the state cannot be reached, for commands too; and is compared once it is back", async () => {
    cluster.isDown = true;
    cluster.fail(new Error("etcdserver: no leader"));
    await host.clock.pass(600_000);
    expect(host.names).toEqual(["h2"]);
    expect(host.troubles).toContain("memory cannot be reached");
    expect(await host.begin()).toBeUndefined();
    const reads = cluster.reads;
    cluster.isDown = false;
    cluster.write(recordsOf(3));
    cluster.endLeases();
    await host.clock.pass(60_000);
    expect(cluster.reads).toBeGreaterThan(reads);
    expect(host.names).toEqual(["h2", "h3"]);
    expect(cluster.value(alive)).toBe("epoch-of-h1");
    expect(host.troubles).toBe("");
    expect(host.log).toEqual(["+h3"]);
  });

  test("after the agent was killed: another one changes nothing that is as it should be", async () => {
    cluster.isDown = true;
    const killed = host.agent;
    host.start();
    expect(await host.begin()).toBeUndefined();
    cluster.isDown = false;
    await host.clock.pass(60_000);
    expect(host.log).toEqual([]);
    expect(host.names).toEqual(["h2"]);
    await killed.leave();
  });

  test("when leases of other hosts end", async () => {
    cluster.write({ [keys.aliveHost("h2")]: "epoch-of-h2" });
    cluster.write({ [keys.aliveHost("h2")]: undefined });
    await host.clock.pass(1000);
    expect(host.log).toEqual([]);
  });

  test("when the state was emptied, or is another cluster's, or another version's", async () => {
    cluster.records.clear();
    cluster.fail(new Error("gone"));
    await host.clock.pass(60_000);
    expect(host.troubles).toContain("has lost cluster default: what it has under that name is empty");
    cluster.write({ ...commonRecords(), [keys.version]: { version: 2, id: "another" } });
    cluster.fail(new Error("gone"));
    await host.clock.pass(60_000);
    expect(host.troubles).toContain("is that of another one");
    cluster.write({ [keys.version]: { version: 3 } });
    cluster.fail(new Error("gone"));
    await host.clock.pass(60_000);
    expect(host.troubles).toContain("has records of version 3");
    expect(host.names).toEqual(["h2"]);
  });

  test("when one peer is refused by the kernel: the others come, and it is tried again", async () => {
    host.refused = "h3";
    const reads = cluster.reads;
    cluster.write(recordsOf(3));
    await host.clock.pass(30_000);
    expect(host.names).toEqual(["h2"]);
    expect(host.troubles).toContain("h3 is refused by the kernel");
    cluster.write(recordsOf(4));
    await host.clock.pass(1000);
    expect(host.names).toEqual(["h2", "h4"]);
    // The watch went on.
    expect(cluster.reads).toBe(reads);
    cluster.write(without(recordsOf(4)));
    host.refused = undefined;
    await host.clock.pass(60_000);
    expect(host.names).toEqual(["h2", "h3"]);
    expect(host.troubles).toBe("");
  });
});

test("what is there is compared with what is to be there now and then, although nothing says that they differ", async () => {
  await host.begin();
  await host.clock.pass(1000);
  host.rows.clear();
  cluster.write(recordsOf(3));
  await host.clock.pass(1000);
  expect(host.names).toEqual(["h3"]);
  await host.clock.pass(3_600_000);
  expect(host.names).toEqual(["h2", "h3"]);
});

describe("a state that was put back from a backup", () => {
  test("gets again what it lost, from each host, and no host loses another meanwhile", async () => {
    cluster = new MemoryCluster();
    cluster.write({ [keys.version]: commonRecords()[keys.version] });
    const putBack = cluster.backup();
    cluster.write({ ...commonRecords(), ...recordsOf(1), ...recordsOf(2) });
    host = new AgentHost(cluster);
    host.attach(db);
    await host.begin();
    await host.clock.pass(1000);
    const before = cluster.lasting;
    host.log.length = 0;
    putBack();
    await host.clock.pass(20_000);
    expect(host.names).toEqual(["h2"]);
    cluster.write(recordsOf(2));
    await host.clock.pass(90_000);
    expect(host.log).toEqual([]);
    expect(cluster.lasting).toEqual(before);
  });

  test("and gave a block to another host since: the claim that comes later yields, and both say so", async () => {
    host.attach(db);
    await host.begin();
    const putBack = cluster.backup();
    await host.clock.pass(1000);
    cluster.write(recordsOf(3));
    await host.clock.pass(1000);
    putBack();
    cluster.write({ [keys.block(networkId, "10.5.0.0/26")]: "h2" });
    await host.clock.pass(90_000);
    expect(cluster.value(keys.block(networkId, "10.5.0.0/26"))).toBe("h2");
    expect(host.troubles).toContain('block 10.5.0.0/26 of network "web" is claimed by "h2" in the cluster');
    expect(host.names).toEqual(["h2"]);
    // Nothing wrote it again within the time that others had.
    expect(host.log.at(-1)).toBe("-h3");
    // No container gets an address of it, until that host yields.
    expect(host.lost).toEqual(["10.5.0.0/26"]);
    cluster.write({ [keys.block(networkId, "10.5.0.0/26")]: undefined });
    await host.clock.pass(1000);
    expect(cluster.value(keys.block(networkId, "10.5.0.0/26"))).toBe("h1");
    expect(host.lost).toEqual([]);
  });
});

describe("a host, or a network, that is given up by others", () => {
  beforeEach(async () => {
    host.attach(db);
    await host.begin();
    await host.clock.pass(1000);
  });

  test("offers nothing any more, and says so, also after its agent has died", async () => {
    cluster.write({ ...without(recordsOf(1)), [keys.listedEndpoint(networkId, "h1", db.id)]: undefined });
    await host.clock.pass(30_000);
    expect(cluster.value(keys.host("h1"))).toBeUndefined();
    expect(host.troubles).toContain("host h1 was removed from cluster default");
    expect(host.lost).toEqual(["10.5.0.0/26", "fd05::/112"]);
    await host.agent.leave();
    host.start();
    await host.begin();
    await host.clock.pass(30_000);
    expect(cluster.value(keys.host("h1"))).toBeUndefined();
    expect(cluster.value(own)).toBeUndefined();
  });

  test("is removed where nothing uses it, and named where something does", async () => {
    cluster.write(without(commonRecords()));
    cluster.write({ [keys.version]: commonRecords()[keys.version] });
    await host.clock.pass(60_000);
    expect(host.removed).toEqual([]);
    expect(host.names).toEqual(["h2"]);
    expect(host.troubles).toContain('network "web" is not in cluster default any more');
    host.attach();
    await host.clock.pass(60_000);
    // What keeps it there may go, so it is tried again.
    expect(host.removed.length).toBeGreaterThan(1);
    expect(new Set(host.removed)).toEqual(new Set([networkId]));
  });
});

test("a thousand records that flap cost what the time has room for, and the last state counts", async () => {
  await host.begin();
  const endpoints = Array.from({ length: 1000 }, (_, at) => {
    const [high, low] = [Math.floor(at / 250), at % 250];
    return [
      keys.endpoint(networkId, at.toString(16).padStart(64, "0")),
      {
        host: "h2",
        mac: `02:42:00:00:${hex(high)}:${hex(low)}`,
        addresses: [`10.5.2.${2 + (at % 60)}`],
        names: [`n${at}`],
      },
    ] as const;
  });
  host.log.length = 0;
  for (let round = 0; round < 20; round++) {
    for (const [key, record] of endpoints) cluster.write({ [key]: round % 2 === 0 ? record : undefined });
    await host.clock.pass(10);
  }
  cluster.write(recordsOf(3));
  await host.clock.pass(1000);
  expect(host.names).toEqual(["h2", "h3"]);
  // Some twenty rounds of a thousand records are two or three changes.
  expect(host.log.length).toBeLessThan(500);
  expect(host.agent.list([])).toEqual([{ subject: networkId, isIntact: true }]);
});

function hex(number: number): string {
  return number.toString(16).padStart(2, "0");
}

test("an agent leaves with its last network, and its host is not said to be alive any more", async () => {
  await host.begin();
  await host.clock.pass(1000);
  await host.agent.end([networkId]);
  expect(host.agent.size).toBe(0);
  expect(cluster.value(alive)).toBeUndefined();
  cluster.write(recordsOf(3));
  await host.clock.pass(60_000);
  expect(host.names).toEqual(["h2"]);
});
