import { describe, expect, test } from "@jest/globals";
import type { NetworkSpec } from "../../../../src/api/index.js";
import { ClusterRecords } from "../../../../src/cluster/records/cluster-records.js";
import { AGENT_NOTES } from "../../../../src/contracts/agent-notes.js";
import type { NetworkRecord } from "../../../../src/contracts/index.js";
import { keepAgentNotes, readAgentNotes } from "../../../../src/engine/rows/agent-notes.js";
import { listNotes } from "../../../../src/engine/rows/cluster-notes.js";
import { readMembership } from "../../../../src/engine/rows/membership.js";
import { adoptRecord } from "../../../../src/engine/rows/shared-network.js";
import { cutOff } from "../../../support/cluster/cluster-agreement.js";
import { addressOf, run, twoHosts, web } from "../../../support/cluster/used-network.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";

describe("a network that spans hosts", () => {
  test("comes with its first use on a host, which takes addresses out of its own block", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    const created = await a.networks.create(web);
    expect(created).toMatchObject({
      subnets: [{ cidr: "10.5.0.0/16", gateway: "10.5.0.1" }],
      cluster: { host: "a", address: "192.0.2.1", mtu: 1500, blocks: ["10.5.0.64/26"] },
    });
    await hosts.expectAgreement();
    await run(a, "a1");
    await run(b, "b1");
    expect(addressOf(hosts.a, "a1")).toBe("10.5.0.65/16");
    expect(addressOf(hosts.b, "b1")).toBe("10.5.0.129/16");
    const here = hosts.b.store.networks.resolve("web").network;
    expect(here).toMatchObject({ id: created.id, cluster: { host: "b", vni: created.cluster?.vni } });
    await hosts.expectAgreement();
    expect(await a.cluster.list()).toMatchObject([
      { name: "a", isSelf: true, networks: ["web"] },
      { name: "b", isSelf: false, networks: ["web"] },
    ]);
  });

  test("is on each host as it was created, with labels, name servers and the lack of a resolver", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    const asked = [
      { name: "asks", labels: { tier: "front" }, dns: ["192.0.2.53", "2001:DB8::53", "::ffff:192.0.2.54"] },
      { name: "mute", labels: {}, disableDns: true, internal: true },
    ];
    for (const [at, one] of asked.entries()) {
      await a.networks.create({ ...web, subnets: [`10.${at + 5}.0.0/16`], ...one });
      await run(b, `b${at}`, { network: one.name });
      const [there, here] = [hosts.a, hosts.b].map(({ store }) => store.networks.resolve(one.name).network);
      expect(here).toMatchObject(one);
      expect(b.networks.inspect(one.name).hasResolver).toBe(one.disableDns !== true);
      for (const key of ["id", "driver", "subnets", "options", "labels", "internal", "dns", "disableDns"] as const)
        expect([key, here?.[key]]).toEqual([key, there?.[key]]);
    }
    await hosts.expectAgreement();
  });

  test("is changed in the cluster first, where hosts at once change labels and name servers; no option of it changes", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create({ ...web, labels: { tier: "back", old: "1" } });
    await run(b, "b1");
    const changed = { labels: { tier: "front" }, withoutLabels: ["old"] };
    await Promise.all([a.networks.update("web", changed), b.networks.update("web", { dns: ["192.0.2.53"] })]);
    const known = { labels: { tier: "front" }, dns: ["192.0.2.53"] };
    const record = (await new ClusterRecords(hosts.a.cluster, "default").network("web")) as NetworkRecord;
    expect(record).toMatchObject(known);
    // As the agent has it follow, whatever came first.
    for (const { store } of [hosts.a, hosts.b]) {
      const { id } = store.networks.resolve("web");
      store.transaction(() => adoptRecord(store, id, record));
      expect(store.networks.resolve("web").network).toMatchObject(known);
    }
    await expect(a.networks.update("web", { options: { block: "28" } })).rejects.toMatchObject({
      code: "TSD_OPTION_FIXED",
    });
    const heal = cutOff(hosts.a);
    await expect(a.networks.update("web", { labels: { lost: "1" } })).rejects.toMatchObject({
      code: "TSD_CLUSTER_UNREACHABLE",
    });
    heal();
    expect(hosts.a.store.networks.resolve("web").network.labels).toEqual({ tier: "front" });
    await hosts.expectAgreement();
  });

  test("is shown on a host that does not use it, with all that others have of it, and stays unused there", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    const { id } = await a.networks.create({ ...web, labels: { tier: "front" }, dns: ["192.0.2.53"] });
    await run(a, "a1");
    const shown = await b.networks.overview("web");
    expect(shown).toMatchObject({
      network: {
        id,
        name: "web",
        labels: { tier: "front" },
        dns: ["192.0.2.53"],
        cluster: { vni: expect.any(Number) },
      },
      ...{ hasResolver: true, endpoints: [] },
      members: [{ host: "a", address: "192.0.2.1", blocks: ["10.5.0.64/26"] }],
    });
    expect(hosts.b.store.networks.list()).toEqual([]);
    expect((await b.cluster.inspect()).networks).toMatchObject([{ hosts: [{ name: "a" }] }]);
    await expect(b.networks.overview("wob")).rejects.toMatchObject({ code: "TSD_NETWORK_NOT_FOUND" });
    cutOff(hosts.b);
    await expect(b.networks.overview("web")).rejects.toMatchObject({ message: "no quorum" });
  });

  test("is used by `create`, `connect` and an attached namespace on another host as well", async () => {
    for (const use of [
      (b: TsdProcess) => b.containers.create({ image: "busybox", networks: [{ network: "web" }] }),
      (b: TsdProcess) => b.networks.connect("netns:/run/netns/a", { network: "web" }),
      (b: TsdProcess) => b.endpoints.attach({ netns: "/run/netns/a", network: "web" }),
    ]) {
      using hosts = twoHosts();
      const { a, b } = await hosts.joined();
      await a.networks.create(web);
      await use(b);
      expect(hosts.b.store.networks.list()).toMatchObject([{ state: "ready", network: { name: "web" } }]);
      await hosts.expectAgreement();
    }
  });

  test("is removed everywhere, unless another host uses it", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    await run(b, "b1");
    await expect(a.networks.remove("web")).rejects.toMatchObject({
      code: "TSD_NETWORK_IN_USE",
      message: expect.stringMatching(/^network "web" is in use by \d+ containers? on host "b"$/),
    });
    await hosts.expectAgreement();
    await b.containers.remove("b1", { force: true });
    await b.networks.remove("web");
    // The other host's agent, or its user, finds that the cluster has it no more.
    expect(hosts.a.store.networks.list()).toHaveLength(1);
    await a.networks.remove("web");
    await hosts.expectAgreement();
    expect((await a.cluster.inspect()).networks).toEqual([]);
  });

  test("is shown with what the agent finds wrong, of which nothing is kept once the network or the membership is gone", async () => {
    using hosts = twoHosts();
    const { a } = await hosts.joined();
    const { store } = hosts.a;
    const noted = { revision: 1, synced: "2026-01-01T00:00:00Z", troubles: ["host b has block 10.5.0.64/26"] };
    for (const end of [() => a.networks.remove("web"), () => a.cluster.leave()]) {
      const { id } = await a.networks.create(web);
      const removed = readMembership(store)?.epoch ?? "";
      store.transaction(() => keepAgentNotes(store, { removed, networks: { [id]: noted, gone: noted } }));
      expect(readAgentNotes(store)).toEqual({ removed, networks: { [id]: noted } });
      expect((await a.cluster.inspect()).networks).toMatchObject([{ name: "web", troubles: noted.troubles }]);
      await end();
      expect(readAgentNotes(store).networks).toEqual({});
    }
    expect(store.settings.get(AGENT_NOTES)).toBeUndefined();
  });

  test("is refused on a host that has another use for its IP addresses, in words that name the host", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    hosts.b.routes.push({ cidr: "10.5.3.0/24", link: "eth9" });
    await expect(run(b, "b1")).rejects.toMatchObject({
      code: "TSD_CLUSTER_SUBNET_HERE",
      message: 'network "web" cannot be used on host "b": subnet 10.5.0.0/16 overlaps route 10.5.3.0/24 dev eth9',
    });
    await hosts.expectAgreement();
  });

  test("needs a cluster, a name, a number and subnets that no other network of it has", async () => {
    using hosts = twoHosts();
    const alone = await hosts.a.command();
    await expect(alone.networks.create(web)).rejects.toMatchObject({
      message: "this host is in no cluster",
      hint: expect.stringContaining("tsd cluster join --etcd URL"),
    });
    const { a, b } = await hosts.joined();
    await a.networks.create({ ...web, options: { vni: "7" } });
    const others: readonly (readonly [NetworkSpec, string])[] = [
      [web, "TSD_CLUSTER_NETWORK_TAKEN"],
      [{ ...web, name: "other" }, "TSD_CLUSTER_SUBNET_TAKEN"],
      [{ ...web, name: "other", subnets: ["10.6.0.0/16"], options: { vni: "7" } }, "TSD_CLUSTER_VNI_TAKEN"],
      [{ ...web, name: "other", subnets: ["10.6.0.0/24"], options: { block: "20" } }, "TSD_BLOCK_SIZE"],
      [{ ...web, name: "other", subnets: ["10.6.0.0/24"], ranges: ["10.6.0.0/25"] }, "TSD_SPANNING_RANGE"],
      [{ ...web, name: "other", subnets: ["10.6.0.0/24"], ipam: { driver: "ledger" } }, "TSD_SPANNING_RANGE"],
      [{ ...web, name: "other", subnets: ["10.6.0.0/24"], dns: ["fe80::1%eth0"] }, "TSD_NETWORK_DNS"],
    ];
    for (const [spec, code] of others) await expect(b.networks.create(spec)).rejects.toMatchObject({ code });
    await hosts.expectAgreement();
  });
});

describe("a host in a cluster", () => {
  test("joins once, under a name and an IP address that no other host has", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await expect(a.cluster.join({})).rejects.toMatchObject({
      message: 'this host is in cluster "default" already, as "a"',
    });
    await b.cluster.leave();
    await hosts.expectAgreement();
    await expect(b.cluster.join({ name: "a" })).rejects.toMatchObject({ code: "TSD_CLUSTER_HOST_TAKEN" });
    hosts.b.address = "192.0.2.1";
    await expect(b.cluster.join({})).rejects.toMatchObject({ code: "TSD_CLUSTER_ADDRESS_TAKEN" });
    await expect(b.cluster.join({ address: "192.0.2.77" })).rejects.toMatchObject({ code: "TSD_CLUSTER_NO_ADDRESS" });
    await expect(b.cluster.join({ interface: "eth9" })).rejects.toMatchObject({ code: "TSD_CLUSTER_NO_ADDRESS" });
    await hosts.expectAgreement();
  });

  test("leaves with its networks, which stay for the others, once no container uses them", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    await run(a, "a1");
    await run(b, "b1");
    await expect(a.cluster.leave()).rejects.toMatchObject({ code: "TSD_CLUSTER_IN_USE" });
    await a.containers.remove("a1", { force: true });
    await a.cluster.leave();
    await hosts.expectAgreement();
    expect(await b.cluster.list()).toMatchObject([{ name: "b", networks: ["web"] }]);
    await expect(a.cluster.list()).rejects.toMatchObject({ message: "this host is in no cluster" });
  });

  test("does not leave while another command uses a network of it for the first time", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    await b.networks.create({ ...web, name: "own", subnets: ["10.6.0.0/16"] });
    const { read } = hosts.b.cluster;
    const other = await hosts.b.command();
    // The last question before it leaves.
    hosts.b.cluster.read = async (key) => {
      hosts.b.cluster.read = read;
      await run(other, "b1");
      return await read.call(hosts.b.cluster, key);
    };
    await expect(b.cluster.leave()).rejects.toMatchObject({
      code: "TSD_CLUSTER_IN_USE",
      message: 'network "web" of cluster "default" has come to this host meanwhile',
    });
    await hosts.expectAgreement();
    await b.containers.remove("b1", { force: true });
    await b.cluster.leave();
    await hosts.expectAgreement();
  });

  test("gives up another that is gone, but not itself, nor one that there is not", async () => {
    using hosts = twoHosts();
    const { a } = await hosts.joined();
    await expect(a.cluster.remove("a")).rejects.toMatchObject({ code: "TSD_CLUSTER_SELF" });
    await expect(a.cluster.remove("c")).rejects.toMatchObject({ kind: "not-found" });
    await a.cluster.remove("b");
    expect((await a.cluster.list()).map(({ name }) => name)).toEqual(["a"]);
  });

  test("whose cluster is out of reach leaves by force, and gives up its record there once it can", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    a.steps.plan({ kind: "failure", at: 0, times: 200 });
    await expect(a.cluster.leave()).rejects.toMatchObject({ code: "TSD_TEST_INJECTED" });
    a.steps.plan(undefined);
    const reach = cutOff(hosts.a);
    await a.cluster.leave({ force: true });
    expect(a.warnings).toEqual(["the cluster has what this host gave up: no quorum; tsd tries again later"]);
    reach();
    expect((await b.cluster.list()).map(({ name }) => name)).toEqual(["a", "b"]);
    // What it may have in one cluster is not forgotten with another.
    await a.cluster.join({ cluster: "second" });
    await a.cluster.leave();
    expect(listNotes(hosts.a.store)).toMatchObject([{ of: "host", membership: { cluster: "default" } }]);
    // It is the same host still.
    await a.cluster.join({});
    await a.cluster.leave();
    await hosts.expectAgreement();
  });
});
