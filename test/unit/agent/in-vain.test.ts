import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import { commonRecords, endpointId, keys, networkId, recordsOf, without } from "../../support/agent/networks.js";

const db = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.200.9"], names: ["db"] };
const endpoint = keys.endpoint(networkId, db.id);

let cluster: MemoryCluster;
let host: AgentHost;

beforeEach(() => {
  cluster = new MemoryCluster();
  cluster.write({ ...commonRecords(), ...recordsOf(1), ...recordsOf(2) });
  host = new AgentHost(cluster);
});

afterEach(() => host.agent.leave());

describe("what others write in vain", () => {
  const junk = Object.fromEntries(
    Array.from({ length: 1100 }, (_, at) => [keys.endpoint(networkId, `junk${at}`), "x".repeat(16_000)]),
  );

  beforeEach(async () => {
    await host.begin();
    await host.clock.pass(1000);
  });

  test("is more than a host keeps: nothing is offered, and no peer goes, until there is less", async () => {
    cluster.write(junk);
    await host.clock.pass(1000);
    const { commits } = cluster;
    host.attach(db);
    cluster.write({ ...recordsOf(3), ...without(recordsOf(2)) });
    await host.clock.pass(150_000);
    expect(host.names).toEqual(["h2", "h3"]);
    expect(cluster.commits).toBe(commits);
    expect(host.troubles).toContain("than a host can follow");
    cluster.write(without(junk));
    await host.clock.pass(120_000);
    expect(host.names).toEqual(["h3"]);
    expect(cluster.value(endpoint)).toMatchObject({ names: ["db"] });
    expect(host.troubles).toBe("");
  });

  test.each([
    ["undoes what this host writes", () => cluster.write({ [endpoint]: undefined })],
    [
      "is always earlier",
      () => {
        cluster.isOvertaken = true;
      },
    ],
  ])("%s: it writes ever more rarely, and goes on once that ends", async (_, disturb) => {
    const { commits } = cluster;
    host.attach(db);
    for (let at = 0; at < 600; at++) {
      await host.clock.pass(100);
      disturb();
    }
    expect(cluster.commits - commits).toBeGreaterThan(2);
    expect(cluster.commits - commits).toBeLessThan(15);
    cluster.isOvertaken = false;
    await host.clock.pass(60_000);
    expect(cluster.value(endpoint)).toMatchObject({ names: ["db"] });
  });

  test("stands where a claim or the network's own record was: it is named, written over by nobody, and ends nothing", async () => {
    const { commits } = cluster;
    const block = keys.block(networkId, "10.5.0.0/26");
    cluster.write({ [block]: "x".repeat(2 ** 20) });
    await host.clock.pass(60_000);
    expect(cluster.commits).toBe(commits);
    expect(host.troubles).toContain('block 10.5.0.0/26 of network "web" is claimed by a record of no use');
    cluster.write({ [keys.network("web")]: "x".repeat(2 ** 20) });
    await host.clock.pass(60_000);
    expect(host.troubles).toContain('the record of network "web" in cluster default is of no use');
    expect(host.names).toEqual(["h2"]);
    expect(host.removed).toEqual([]);
  });
});

test("a state of this host that takes no note ends nothing, and is written once it does", async () => {
  host.isFull = true;
  await host.begin();
  cluster.isDown = true;
  cluster.fail(new Error("etcdserver: no leader"));
  await host.clock.pass(120_000);
  cluster.isDown = false;
  cluster.write(recordsOf(3));
  await host.clock.pass(60_000);
  expect(host.names).toEqual(["h2", "h3"]);
  expect(host.notes(networkId)).toBeUndefined();
  host.isFull = false;
  await host.clock.pass(20_000);
  expect(host.notes(networkId)).toMatchObject({ troubles: [] });
});
