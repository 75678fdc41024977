import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Tsd } from "../../../src/api/index.js";
import { EtcdState } from "../../../src/cluster/etcd/etcd-state.js";
import { ClusterRecords } from "../../../src/cluster/records/cluster-records.js";
import { Keys } from "../../../src/cluster/records/keys.js";
import { openTsd } from "../../../src/index.js";
import { EtcdMembers } from "../../support/etcd/etcd-members.js";
import { eventually } from "../../support/eventually.js";
import { endOf } from "../../support/lab/process-end.js";
import { enterWorld, ip, leaveWorld } from "../kernel/world.js";

const etcd = new EtcdMembers({ port: 43_379 });
const keys = new Keys("default");
const run = "/run/tsd";
let tsd: Tsd;
let cluster: ClusterRecords;
let id: string;

/** Another host, as far as the cluster knows. */
const other = (number: number) => ({ name: `h${number}`, epoch: `epoch-of-h${number}` });

async function join(number: number): Promise<void> {
  const address = `192.0.2.${number}`;
  await cluster.claimHost({ ...other(number), address, version: "0.1.0" });
  await cluster.joinNetwork("web", { ...other(number), address, mac: `02:00:00:00:00:0${number}`, isUsed: true });
}

/** Hosts to which the kernel sends packets of the network. */
function followed(): readonly unknown[] {
  const neighbours = ip("neigh show nud permanent").filter(({ dev }) => String(dev).startsWith("vx-"));
  return neighbours.map(({ lladdr }) => lladdr).sort();
}

const becomes = (...macs: readonly string[]) => eventually(async () => expect(followed()).toEqual(macs));

function agent(): { readonly pid: number } {
  return JSON.parse(readFileSync(`${run}/agent/lock`, "utf8"));
}

async function problems(): Promise<string> {
  const drift = await tsd.system.check();
  return JSON.stringify(drift);
}

beforeAll(async () => {
  enterWorld();
  await etcd.start();
  for (const words of [
    "link add under type veth peer name wire",
    "link set under up",
    "link set wire up",
    "addr add 192.0.2.1/24 dev under",
  ])
    ip(words);
  tsd = await openTsd({ root: "/run/root", run });
  await tsd.cluster.join({ etcd: etcd.endpoints, name: "h1", address: "192.0.2.1" });
  ({ id } = await tsd.networks.create({ name: "web", driver: "overlay", subnets: ["10.5.0.0/16"] }));
  cluster = new ClusterRecords(new EtcdState({ endpoints: etcd.endpoints }), "default");
});

afterAll(async () => {
  await tsd.networks.remove("web").catch(() => undefined);
  tsd.close();
  await cluster[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  leaveWorld();
});

describe("the agent, over three members of etcd", () => {
  test("follows hosts that come and go, and is itself alive in the cluster", async () => {
    await join(2);
    await join(3);
    await becomes("02:00:00:00:00:02", "02:00:00:00:00:03");
    await cluster.leaveNetwork(id, other(3));
    await becomes("02:00:00:00:00:02");
    const { hosts } = await cluster.read();
    expect(hosts.get("h1")?.isAlive).toBe(true);
    expect(await problems()).toBe("[]");
  });

  test("is killed: nothing changes meanwhile, and the next one takes up what it finds", async () => {
    const { pid } = agent();
    process.kill(pid, "SIGKILL");
    await endOf(pid);
    await join(3);
    expect(followed()).toEqual(["02:00:00:00:00:02"]);
    expect(await problems()).toContain("missing");
    await tsd.system.reload();
    await becomes("02:00:00:00:00:02", "02:00:00:00:00:03");
    expect(await problems()).toBe("[]");
  });

  test("has no etcd: what works goes on, for a new agent too, and is compared once there is one", async () => {
    for (const at of [0, 1, 2]) await etcd.stop(at);
    await eventually(async () => expect(await problems()).toContain("cannot be used"));
    const { pid } = agent();
    process.kill(pid, "SIGKILL");
    await endOf(pid);
    await tsd.system.reload();
    expect(agent().pid).not.toBe(pid);
    expect(followed()).toEqual(["02:00:00:00:00:02", "02:00:00:00:00:03"]);
    for (const at of [0, 1, 2]) etcd.startOne(at);
    await eventually(async () => cluster.leaveNetwork(id, other(2)));
    await becomes("02:00:00:00:00:03");
    await eventually(async () => expect(await problems()).toBe("[]"));
  });

  test("ignores what another host has no right to, says so, and follows the others", async () => {
    etcd.etcdctl("put", keys.member(id, "h9"), "junk");
    etcd.etcdctl("put", keys.block(id, "0.0.0.0/0"), '"h3"');
    await eventually(async () =>
      expect(await problems()).toContain("0.0.0.0_0 is ignored: it is not within the network"),
    );
    await join(2);
    await becomes("02:00:00:00:00:02", "02:00:00:00:00:03");
    expect(ip("route show").filter(({ dst, dev }) => dst === "default" && String(dev).startsWith("vx-"))).toEqual([]);
    etcd.etcdctl("del", keys.member(id, "h9"));
    etcd.etcdctl("del", keys.block(id, "0.0.0.0/0"));
    await eventually(async () => expect(await problems()).toBe("[]"));
  });

  test("removes a network that was removed from the cluster and that nothing here uses, and ends with it", async () => {
    const { pid } = agent();
    await cluster.removeNetwork("web", other(2), { force: true });
    await eventually(async () => expect(existsSync(`/proc/${pid}`)).toBe(false));
    await eventually(async () => expect(tsd.networks.list().map(({ name }) => name)).not.toContain("web"));
    expect(followed()).toEqual([]);
    const { hosts } = await cluster.read();
    expect(hosts.get("h1")?.isAlive).toBe(false);
  });
});
