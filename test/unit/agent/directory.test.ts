import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Peer } from "../../../src/api/index.js";
import type { ElsewhereQuestion } from "../../../src/contracts/index.js";
import { AgentHost } from "../../support/agent/agent-host.js";
import { MemoryCluster } from "../../support/agent/memory-cluster.js";
import { commonRecords, endpointId, keys, networkId, recordsOf } from "../../support/agent/networks.js";

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

describe("endpoints of other hosts", () => {
  const cache = { host: "h2", mac: "02:00:00:00:22:22", addresses: ["10.5.2.3"], names: ["Cache"] };
  const at = { host: "h2", id: endpointId("2") };
  const find = (question: ElsewhereQuestion) => host.agent.reply(networkId, question);
  const namesIn = async (question: ElsewhereQuestion) => (await find(question)).endpoints.map(({ names }) => names[0]);

  function list(record: unknown, { host: of, id }: { readonly host: string; readonly id: string } = at): void {
    cluster.write({
      [keys.listedEndpoint(networkId, of, id)]: record,
      [keys.namedEndpoint(networkId, "cache", { host: of, id })]: record,
      [`${keys.addressed(networkId, "10.5.2.3", of)}${id}`]: record,
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
    const { names } = { names: [], ...(record as object) };
    if (!names.includes("db" as never))
      expect(await find({ address: "10.5.2.3" })).toEqual({ endpoints: [], total: 0 });
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

  describe("of which another host writes very many", () => {
    const junk = (of: string, count = 5000, place = keys.named(networkId, "cache")) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, number) => [
          `${place}${of}/${number.toString(16).padStart(64, "0")}`,
          "x".repeat(100),
        ]),
      );

    test("cost a few readings, whichever hosts there are, and none is denied", async () => {
      cluster.write({ ...recordsOf(3), ...recordsOf(4) });
      await host.clock.pass(1000);
      for (const writer of ["a", "h1", "h2", "h2x", "h3"]) cluster.write(junk(writer));
      const { reads } = cluster;
      const questions = [1, 2, 3].map(() => find({ name: "cache" }));
      for (const question of questions) await expect(question).rejects.toThrow("more records");
      expect(cluster.reads).toBeLessThanOrEqual(reads + 8);
      expect(await find({ name: "db" })).toEqual({ endpoints: [], total: 0 });
      expect(host.troubles).toBe("");
    });

    test("are found beside them, the other host's own first ones as well", async () => {
      cluster.write({ ...recordsOf(3), ...recordsOf(4) });
      await host.clock.pass(1000);
      for (const writer of ["a", "g", "h3", "h31"]) cluster.write(junk(writer));
      list(cache);
      list({ ...cache, host: "h4", addresses: ["10.5.4.3"], names: ["cache", "other"] }, { ...at, host: "h4" });
      expect(await namesIn({ name: "cache" })).toEqual(["Cache", "cache"]);
    });

    test("are found where there are more than one reading has", async () => {
      const numbers = Array.from({ length: 60 }, (_, number) => number);
      cluster.write({ ...recordsOf(3), ...recordsOf(4) });
      await host.clock.pass(1000);
      for (const writer of [2, 3, 4])
        for (const number of numbers) {
          const id = `${writer}${number}`.padStart(64, "0");
          const mac = `02:00:00:0${writer}:00:${number.toString(16).padStart(2, "0")}`;
          list(
            { host: `h${writer}`, mac, addresses: [`10.5.${writer}.${number + 3}`], names: ["cache"] },
            { host: `h${writer}`, id },
          );
        }
      expect((await find({ name: "cache" })).endpoints).toHaveLength(numbers.length * 3);
    });

    test("and are at one address, which costs one reading, are not denied", async () => {
      cluster.write(junk("h2", 5000, keys.addressed(networkId, "10.5.2.3", "h2").slice(0, -3)));
      const { reads } = cluster;
      await expect(find({ address: "10.5.2.3" })).rejects.toThrow("more records");
      expect(cluster.reads).toBe(reads + 1);
    });
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
