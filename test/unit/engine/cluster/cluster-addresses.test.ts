import { describe, expect, test } from "@jest/globals";
import { loseBlocks } from "../../../../src/engine/plan/cluster-place.js";
import { listNotes } from "../../../../src/engine/rows/cluster-notes.js";
import { addressOf, run, twoHosts, web } from "../../../support/cluster/used-network.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";

describe("a network that spans hosts", () => {
  test("gives a host another block once one is full, and no IP address twice", async () => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create({ ...web, subnets: ["10.5.0.0/24"], options: { block: "30" } });
    for (let at = 0; at < 7; at++) await run(at % 2 === 0 ? a : b, `c${at}`);
    await hosts.expectAgreement();
    expect(hosts.a.store.networks.resolve("web").network.cluster?.blocks).toEqual(["10.5.0.4/30", "10.5.0.12/30"]);
    const all = [0, 1, 2, 3, 4, 5, 6].map((at) => addressOf(at % 2 === 0 ? hosts.a : hosts.b, `c${at}`));
    expect(new Set(all).size).toBe(7);
    expect(all).not.toContain("10.5.0.4/24");
  });

  test("gives no IP address of a block that another host has claimed meanwhile, and keeps those that containers have", async () => {
    using hosts = twoHosts();
    const { a } = await hosts.joined();
    const { id } = await a.networks.create(web);
    await run(a, "a1");
    const { cluster } = hosts.a;
    const { store, addressBook } = a.parts;
    const key = `/tsd/default/network/${id}/blocks/10.5.0.64_26`;
    const write = (host: string) =>
      cluster.commit({ require: [], put: [{ key, value: JSON.stringify(host) }], remove: [] });
    await write("b");
    store.transaction(() => loseBlocks({ store, addressBook }, id, ["10.5.0.64/26"]));
    await run(a, "a2");
    expect([addressOf(hosts.a, "a1"), addressOf(hosts.a, "a2")]).toEqual(["10.5.0.65/16", "10.5.0.128/16"]);
    expect(store.networks.get(id)?.network.cluster).toMatchObject({
      blocks: ["10.5.0.64/26", "10.5.0.128/26"],
      lost: ["10.5.0.64/26"],
    });
    await expect(run(a, "a3", { network: "web", address: "10.5.0.100" })).rejects.toMatchObject({
      message: expect.stringContaining("host b has the address 10.5.0.100 of network web, in its block 10.5.0.64/26"),
    });
    await write("a");
    store.transaction(() => loseBlocks({ store, addressBook }, id, []));
    await run(a, "a4", { network: "web", address: "10.5.0.100" });
    expect(listNotes(hosts.a.store)).toEqual([]);
    await hosts.expectAgreement();
  });

  test.each([
    ["its container is removed", (a: TsdProcess) => a.containers.remove("c", { force: true })],
    [
      "its container is killed, removed as it ends",
      (a: TsdProcess) => a.containers.stop("c", { timeout: 0 }).then(() => a.containers.remove("c")),
    ],
    ["its container leaves the network", (a: TsdProcess) => a.networks.disconnect("c", "web")],
    [
      "its container leaves the network while it is stopped",
      async (a: TsdProcess) => {
        await a.containers.stop("c", { timeout: 0 });
        await a.networks.disconnect("c", "web");
      },
    ],
    [
      "its container asks for another",
      async (a: TsdProcess) => {
        await a.networks.disconnect("c", "web");
        await a.networks.connect("c", { network: "web" });
      },
    ],
  ])("gives an IP address outside of its blocks back when %s, in a process that goes on", async (_, end) => {
    using hosts = twoHosts();
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    await run(a, "c", { network: "web", address: "10.5.200.9" });
    await end(a);
    expect(listNotes(hosts.a.store)).toEqual([]);
    await hosts.expectAgreement();
    await run(b, "b1", { network: "web", address: "10.5.200.9" });
  });

  test("gives an IP address outside of its blocks back with the namespace that has it, in a process that goes on", async () => {
    using hosts = twoHosts();
    const { a } = await hosts.joined();
    await a.networks.create(web);
    const { id } = await a.endpoints.attach({ netns: "/run/netns/a", network: "web", address: "10.5.200.9" });
    await a.endpoints.detach(id);
    expect(listNotes(hosts.a.store)).toEqual([]);
    await hosts.expectAgreement();
  });
});
