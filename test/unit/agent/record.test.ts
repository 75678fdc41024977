import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import { commonRecords, keys, recordsOf } from "../../support/agent/networks.js";

let cluster: MemoryCluster;
let host: AgentHost;

beforeEach(async () => {
  cluster = new MemoryCluster();
  cluster.write({ ...commonRecords(), ...recordsOf(1), ...recordsOf(2) });
  host = new AgentHost(cluster);
  await host.begin();
});

afterEach(() => host.agent.leave());

const change = (changes: object) =>
  cluster.write({ [keys.network("web")]: { ...(cluster.value(keys.network("web")) as object), ...changes } });

/** What a command here has written, of which the agent has not heard. */
function changeHere(labels: Readonly<Record<string, string>>, recorded: number): void {
  host.shared = { labels };
  host.recorded = recorded;
  host.attach();
}

test("what another host changes of the network's record is followed", async () => {
  host.isFull = true;
  change({ labels: { tier: "front", a: "1" }, dns: ["192.0.2.53"] });
  await host.clock.pass(1000);
  expect(host.shared).toEqual({ labels: {} });
  host.isFull = false;
  await host.clock.pass(60_000);
  expect(host.shared).toEqual({ labels: { a: "1", tier: "front" }, dns: ["192.0.2.53"] });
  change({ labels: { a: "1" }, dns: [] });
  await host.clock.pass(1000);
  expect(host.shared).toEqual({ labels: { a: "1" } });
});

test("what a command here changed stays until the state says something newer, whatever else comes first", async () => {
  const recorded = cluster.revision + 2;
  changeHere({ a: "2" }, recorded);
  cluster.write(recordsOf(3));
  await host.clock.pass(1000);
  expect(host.names).toEqual(["h2", "h3"]);
  expect(host.shared).toEqual({ labels: { a: "2" } });
  while (cluster.revision < recorded - 1) cluster.write(recordsOf(3));
  change({ labels: { a: "2" } });
  await host.clock.pass(1000);
  expect(host.shared).toEqual({ labels: { a: "2" } });
  change({ labels: { a: "3" } });
  await host.clock.pass(1000);
  expect(host.shared).toEqual({ labels: { a: "3" } });
  // The command was slower than what another host changed after it.
  changeHere({ a: "2" }, recorded);
  await host.clock.pass(1000);
  expect(host.shared).toEqual({ labels: { a: "3" } });
});

test("a state that was put back has lost what a command here changed", async () => {
  const putBack = cluster.backup();
  change({ labels: { a: "2" } });
  await host.clock.pass(1000);
  changeHere({ a: "2" }, cluster.revision);
  putBack();
  await host.clock.pass(60_000);
  expect(host.shared).toEqual({ labels: {} });
  change({ labels: { a: "3" } });
  await host.clock.pass(1000);
  expect(host.shared).toEqual({ labels: { a: "3" } });
});
