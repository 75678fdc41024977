import { describe, expect, test } from "@jest/globals";
import type { NetworkSpec } from "../../../../src/api/index.js";
import { listNotes } from "../../../../src/engine/rows/cluster-notes.js";
import { cutOff, TwoHosts } from "../../../support/cluster/cluster-agreement.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

const web: NetworkSpec = { name: "web", driver: "plain-overlay", subnets: ["10.5.0.0/16"] };
const asked = { network: "web", address: "10.5.200.9" };

const run = (
  process: TsdProcess,
  name: string,
  network: { readonly network: string; readonly address?: string } = asked,
) => process.containers.runDetached({ image: "busybox", name, networks: [network] });

describe("an IP address outside of a host's blocks", () => {
  test("is held for one host, as long as a container has it", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a, b } = await hosts.joined();
    await a.networks.create(web);
    await run(a, "a1");
    await hosts.expectAgreement();
    await expect(run(b, "b1")).rejects.toMatchObject({
      code: "TSD_CLUSTER_ADDRESS_HELD",
      message: expect.stringContaining("host a has the address 10.5.200.9"),
    });
    await a.containers.stop("a1", { timeout: 0 });
    await a.containers.start("a1");
    await a.containers.remove("a1", { force: true });
    a.end();
    await hosts.a.command();
    await hosts.expectAgreement();
    await run(b, "b2");
    // One in another host's block is refused by the block.
    await expect(run(b, "b3", { network: "web", address: "10.5.0.70" })).rejects.toMatchObject({
      message: expect.stringContaining("in its block 10.5.0.64/26"),
    });
    await hosts.expectAgreement();
  });

  test("is given up to a cluster that is out of reach by one question, and not at each end of a container", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a } = await hosts.joined();
    await a.networks.create(web);
    await run(a, "a1");
    await run(a, "a2", { network: "web" });
    let questions = 0;
    const reach = cutOff(hosts.a, () => questions++);
    await a.containers.remove("a1", { force: true });
    await a.containers.remove("a2", { force: true });
    a.end();
    const next = await hosts.a.command();
    expect(questions).toBe(1);
    reach();
    // Nothing relies on it any more: it is claimed again, and the note is that of the container that has it.
    await run(next, "a3");
    await hosts.expectAgreement();
  });

  test("is claimed again that is being given up", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a } = await hosts.joined();
    await a.networks.create(web);
    await run(a, "a1");
    const { commit } = hosts.a.cluster;
    const { store } = hosts.a;
    hosts.a.cluster.commit = async (change) => {
      expect(listNotes(store)).toMatchObject([{ state: "returning" }]);
      return await commit.call(hosts.a.cluster, change);
    };
    await a.containers.remove("a1", { force: true });
    hosts.a.cluster.commit = commit;
    await run(a, "a2");
    await hosts.expectAgreement();
  });

  test.each([
    ["is looked at", "read"],
    ["goes", "commit"],
  ] as const)(
    "stays held for a container that asks for it just before the record of the last one %s",
    async (_, verb) => {
      using hosts = new TwoHosts({ a: new World(), b: new World() });
      const { a, b } = await hosts.joined();
      const other = await hosts.a.command();
      await a.networks.create(web);
      await run(a, "a1");
      const { cluster } = hosts.a;
      const done = cluster[verb];
      // The first such act of the release.
      Object.assign(cluster, {
        [verb]: async (...words: readonly unknown[]) => {
          Object.assign(cluster, { [verb]: done });
          await run(other, "a2");
          return await Reflect.apply(done, cluster, words);
        },
      });
      await a.containers.remove("a1", { force: true });
      await hosts.expectAgreement();
      await expect(run(b, "b1")).rejects.toMatchObject({ code: "TSD_CLUSTER_ADDRESS_HELD" });
      await other.containers.remove("a2", { force: true });
      await hosts.expectAgreement();
    },
  );

  test("stays held for the one of two that ask for it at once, although the other one gives it back", async () => {
    using hosts = new TwoHosts({ a: new World(), b: new World() });
    const { a } = await hosts.joined();
    const other = await hosts.a.command();
    await a.networks.create(web);
    const outcomes = await Promise.allSettled([run(a, "a1"), run(other, "a2")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await hosts.expectAgreement();
  });
});
