import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import {
  commonRecords,
  endpointId,
  keys,
  localNetwork,
  membership,
  networkId,
  recordsOf,
} from "../../support/agent/networks.js";

const db = { id: endpointId("1"), mac: "02:00:00:00:11:11", addresses: ["10.5.0.3"], names: ["db"] };
const endpoint = keys.listedEndpoint(networkId, membership.host, db.id);
const member = keys.member(networkId, membership.host);

let cluster: MemoryCluster;
let host: AgentHost;

beforeEach(() => {
  cluster = new MemoryCluster();
  cluster.write({ ...commonRecords(), ...recordsOf(1), ...recordsOf(2) });
  host = new AgentHost(cluster);
});

afterEach(() => host.agent.leave());

describe("a host that leaves a network", () => {
  beforeEach(async () => {
    await host.begin();
    await host.clock.pass(1000);
  });

  test("has said its last word before the command goes on", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    cluster.hold = promise;
    host.attach(db);
    await host.clock.pass(1000);
    const events: string[] = [];
    const end = host.agent.end([networkId]).then(() => events.push(`ended ${cluster.value(endpoint) !== undefined}`));
    await host.clock.pass(100);
    expect(events).toEqual([]);
    resolve();
    await end;
    expect(events).toEqual(["ended true"]);
  });

  test.each([
    ["a container has come", () => host.attach(db)],
    ["another program has removed its membership", () => cluster.write({ [member]: undefined })],
  ])("leaves nothing in the cluster that it wrote, since %s, and that arrives late", async (_, begin) => {
    const late = Promise.withResolvers<void>();
    cluster.hold = late.promise;
    begin();
    await host.clock.pass(1000);
    const end = host.agent.end([networkId]);
    await host.clock.pass(1000);
    await end;
    cluster.hold = undefined;
    const records = new ClusterRecords(cluster.state, membership.cluster);
    await records.leaveNetwork(networkId, { name: membership.host, epoch: membership.epoch });
    const { commits } = cluster;
    late.resolve();
    await host.clock.pass(1000);
    expect(cluster.commits).toBeGreaterThan(commits);
    expect([cluster.value(member), cluster.value(endpoint)]).toEqual([undefined, undefined]);
  });

  test("does not wait for long for a state that does not reply", async () => {
    cluster.hold = new Promise(() => undefined);
    host.attach(db);
    await host.clock.pass(1000);
    const end = host.agent.end([networkId]);
    await host.clock.pass(1000);
    await end;
    expect(host.agent.size).toBe(0);
  });

  test.each<[string, () => unknown]>([
    ["removes the network", () => (host.network = () => undefined)],
    ["stops the agent", () => host.agent.leave()],
  ])("while its peers are changed, %s: it writes nothing any more", async (_, leave) => {
    const change = host.change.bind(host);
    host.change = async (id, what) => {
      await change(id, what);
      void leave();
    };
    const { commits } = cluster;
    host.attach(db);
    cluster.write(recordsOf(3));
    await host.clock.pass(1000);
    expect(host.names).toEqual(["h2", "h3"]);
    expect(cluster.commits).toBe(commits);
  });

  test("knows the revision that it last saw, also where it is killed a minute later", async () => {
    cluster.write(recordsOf(3));
    const { revision } = cluster;
    await host.clock.pass(1000);
    expect(host.notes(networkId)?.revision).toBeLessThan(revision);
    await host.clock.pass(61_000);
    expect(host.notes(networkId)?.revision).toBe(revision);
    cluster.write(recordsOf(4));
    const last = cluster.revision;
    await host.clock.pass(1000);
    await host.agent.leave();
    expect(host.notes(networkId)?.revision).toBe(last);
  });
});

describe("an address outside of the host's blocks", () => {
  const endpoint = keys.endpoint(networkId, db.id);
  const far = { ...db, addresses: ["10.5.200.9"] };
  const held = keys.held(networkId, "10.5.200.9");

  beforeEach(async () => {
    await host.begin();
    await host.clock.pass(1000);
  });

  /** Has the next changes of the state wait until what is returned is called. */
  function delay(): () => Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    cluster.hold = promise;
    return async () => {
      cluster.hold = undefined;
      resolve();
      await host.clock.pass(5000);
    };
  }

  test("goes again where the container went while the agent wrote that it is held", async () => {
    const arrive = delay();
    host.attach(far);
    await host.clock.pass(1000);
    host.attach();
    await arrive();
    expect([cluster.value(held), cluster.value(endpoint)]).toEqual([undefined, undefined]);
  });

  test("stays while a command claims it, or another host has it", async () => {
    const others = keys.held(networkId, "10.5.200.10");
    host.noted = far.addresses;
    cluster.write({ [held]: "h1", [others]: "h2" });
    await host.clock.pass(5000);
    expect([cluster.value(held), cluster.value(others)]).toEqual(["h1", "h2"]);
  });

  test("stays where a command claims it again while the agent gives it back", async () => {
    const arrive = delay();
    cluster.write({ [held]: "h1" });
    await host.clock.pass(1000);
    host.noted = far.addresses;
    cluster.write({ [held]: "h1" });
    await arrive();
    expect(cluster.value(held)).toBe("h1");
  });
});

test("a state that was put back while no agent ran is seen by the next one: no host loses another", async () => {
  await host.begin();
  await host.clock.pass(1000);
  const putBack = cluster.backup();
  cluster.write(recordsOf(3));
  await host.clock.pass(1000);
  await host.agent.leave();
  putBack();
  host.start();
  await host.begin();
  await host.clock.pass(10_000);
  expect(host.log).toEqual(["+h2", "+h3"]);
  cluster.write(recordsOf(3));
  await host.clock.pass(90_000);
  expect(host.log).toEqual(["+h2", "+h3"]);
});

test("a host that left its cluster and joined it again has another session", async () => {
  await host.begin();
  await host.clock.pass(1000);
  cluster.write({ [keys.host("h1")]: { ...(recordsOf(1)[keys.host("h1")] as object), epoch: "second" } });
  host.membership = { ...membership, epoch: "second" };
  host.network = () => localNetwork([]);
  expect(await host.begin()).toBeUndefined();
  await host.clock.pass(1000);
  expect(cluster.value(keys.aliveHost("h1"))).toBe("second");
  expect(cluster.value(member)).toMatchObject({ epoch: "second" });
});
