import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LifeState } from "../../../src/api/index.js";
import type { NetworkRow } from "../../../src/contracts/index.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { containerRow, endpointRow, idFrom, networkRow, sysctl } from "./support/rows.js";
import { failureOf, rehearse, TemporaryStore } from "./support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
beforeAll(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterAll(() => temporary[Symbol.dispose]());

type Step = (model: NetworkRow[]) => void;

const ids = fc.constantFrom("a1", "a2", "b1", "b2").map(idFrom);
const states = fc.constantFrom<LifeState>("creating", "ready", "deleting");
const names = fc.constantFrom("one", "two", "three");

/** Each step does to the table what it does to the model: rows in the order of their insertion. */
const inserts: fc.Arbitrary<Step> = fc.tuple(ids, names, states).map(([id, name, state]) => (model) => {
  const row = networkRow(id, name, { state });
  if (model.some((other) => other.id === id || other.network.name === name)) {
    expect(failureOf(() => store.networks.insert(row))).toMatchObject({ kind: "conflict" });
  } else {
    store.networks.insert(row);
    model.push(row);
  }
});

const updates: fc.Arbitrary<Step> = fc.tuple(ids, states).map(([id, state]) => (model) => {
  const at = model.findIndex((row) => row.id === id);
  const row = { ...(model[at] ?? networkRow(id, "gone")), state };
  if (at < 0) {
    expect(failureOf(() => store.networks.update(row))).toMatchObject({ kind: "not-found" });
  } else {
    store.networks.update(row);
    model[at] = row;
  }
});

const deletions: fc.Arbitrary<Step> = ids.map((id) => (model) => {
  store.networks.delete(id);
  const at = model.findIndex((row) => row.id === id);
  if (at >= 0) model.splice(at, 1);
});

describe("a table of rows", () => {
  test("does what a plain list does", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(inserts, updates, deletions), { maxLength: 30 }), (steps) =>
        rehearse(store, () => {
          const model: NetworkRow[] = [];
          for (const step of steps) step(model);
          expect(store.networks.list()).toEqual(model);
          expect(store.networks.unfinished()).toEqual(model.filter(({ state }) => state !== "ready"));
          for (const row of model) expect(store.networks.get(row.id)).toEqual(row);
        }),
      ),
      { numRuns: 200 },
    );
  });

  test("resolves an exact name first, then an exact id, then a prefix", () => {
    rehearse(store, () => {
      const short = networkRow(idFrom("abc"), "first");
      const namedLikeAnId = networkRow(idFrom("def"), idFrom("abc"));
      store.networks.insert(short);
      store.networks.insert(namedLikeAnId);
      expect(store.networks.resolve("first")).toEqual(short);
      expect(store.networks.resolve(idFrom("abc"))).toEqual(namedLikeAnId);
      expect(store.networks.resolve(idFrom("def"))).toEqual(namedLikeAnId);
      expect(store.networks.resolve("d")).toEqual(namedLikeAnId);
    });
  });

  test.each(["nothing", "", "a_", "%", "abcg", "ABC"])("does not know %j", (ref) => {
    rehearse(store, () => {
      store.networks.insert(networkRow(idFrom("abc"), "only"));
      expect(failureOf(() => store.networks.resolve(ref))).toMatchObject({
        kind: "not-found",
        code: "TSD_NETWORK_NOT_FOUND",
        message: `network "${ref}" does not exist`,
        hint: "tsd network ls shows what does.",
      });
    });
  });

  test("says of what kind a name is that is none of its own", () => {
    rehearse(store, () => {
      store.networks.insert(networkRow(idFrom("abc"), "net2"));
      store.containers.insert(containerRow(idFrom("def"), "web"));
      expect(failureOf(() => store.containers.resolve("net2"))).toMatchObject({
        kind: "not-found",
        code: "TSD_CONTAINER_NOT_FOUND",
        message: '"net2" is a network, not a container',
        hint: "tsd network --help shows what can be done with a network; tsd ps -a shows the containers.",
      });
      expect(failureOf(() => store.networks.resolve("web"))).toMatchObject({
        message: '"web" is a container, not a network',
      });
      expect(failureOf(() => store.images.resolve("web"))).toMatchObject({
        message: '"web" is a container, not an image',
      });
    });
  });

  test("names the matches of an ambiguous prefix, five of them", () => {
    rehearse(store, () => {
      for (const digit of "123456") store.containers.insert(containerRow(idFrom(`ab${digit}`), `c${digit}`));
      const failure = failureOf(() => store.containers.resolve("ab"));
      expect(failure).toMatchObject({ kind: "conflict", code: "TSD_CONTAINER_AMBIGUOUS" });
      expect(failure).toHaveProperty(
        "message",
        `"ab" begins the ids of several containers: ab1000000000, ab2000000000, ab3000000000, ab4000000000, ab5000000000, …`,
      );
    });
  });

  test("refuses a name in use, naming it", () => {
    rehearse(store, () => {
      store.networks.insert(networkRow(idFrom("a"), "twice"));
      expect(failureOf(() => store.networks.insert(networkRow(idFrom("b"), "twice")))).toMatchObject({
        kind: "conflict",
        message: 'network "twice" exists already',
      });
    });
  });

  test("finds endpoints by network and container, and containers that run", () => {
    rehearse(store, () => {
      store.endpoints.insert(endpointRow("e1", "n1"));
      store.endpoints.insert(endpointRow("e2", "n2", { containerId: "c1" }));
      store.endpoints.insert(endpointRow("e3", "n1", { containerId: "c1" }));
      expect(store.endpoints.ofNetwork("n1").map(({ id }) => id)).toEqual(["e1", "e3"]);
      expect(store.endpoints.ofContainer("c1").map(({ id }) => id)).toEqual(["e2", "e3"]);
      const statuses = ["created", "starting", "running", "stopping", "exited"] as const;
      for (const status of statuses) store.containers.insert(containerRow(status, status, status));
      expect(store.containers.active().map(({ id }) => id)).toEqual(["starting", "running", "stopping"]);
    });
  });

  test("finds endpoints of others' namespaces that were made in other boots", () => {
    rehearse(store, () => {
      const boots = { e1: "a", e2: "b", e3: "c", e4: "a" };
      for (const [id, bootId] of Object.entries(boots)) {
        const owner = { pid: 1, start: 1, bootId };
        store.endpoints.insert(endpointRow(id, "n1", { owner, ...(id === "e4" ? { containerId: "c1" } : {}) }));
      }
      expect(store.endpoints.ofOtherBoots("b").map(({ id }) => id)).toEqual(["e1", "e3"]);
      expect(store.endpoints.ofOtherBoots("d").map(({ id }) => id)).toEqual(["e1", "e2", "e3"]);
    });
  });

  test("lists what rows have at a place of the host, with the row that has it", () => {
    rehearse(store, () => {
      const link = { kind: "link", type: "bridge", name: "br0" } as const;
      store.networks.insert(networkRow("n1", "n1", { resources: [link, sysctl("a"), sysctl("b")] }));
      store.networks.insert(networkRow("n2", "n2", { resources: [], leaving: [link, sysctl("a")] }));
      const veth = { kind: "link", type: "veth", name: "v1", peer: { name: "v2" } } as const;
      const inside = [
        { kind: "link", type: "veth", name: "v3", peer: { name: "eth0", netns: "/run/netns/a" } },
        { kind: "link", type: "loopback", name: "lo", netns: "/run/netns/a" },
        { ...sysctl("a"), netns: "/run/netns/a" },
      ] as const;
      store.endpoints.insert(endpointRow("e1", "n1", { resources: [veth, sysctl("c")] }));
      store.endpoints.update(endpointRow("e1", "n1", { resources: [veth, sysctl("d"), ...inside] }));
      store.networks.delete("n1");
      expect(store.listing("sysctl a")).toEqual([{ rowId: "n2", resource: sysctl("a") }]);
      expect(store.listing("sysctl c")).toEqual([]);
      expect(store.listing("sysctl d")).toEqual([{ rowId: "e1", resource: sysctl("d") }]);
      expect(store.listing("link br0").map(({ rowId }) => rowId)).toEqual(["n2"]);
      expect(store.listing("link v2")).toEqual([{ rowId: "e1", resource: veth }]);
      expect(store.namesOnHost("link")).toEqual(["br0", "v1", "v2", "v3"]);
    });
  });

  test("writes nothing for a row that is as before, and its revision shows each change", () => {
    rehearse(store, () => {
      const revisions = [store.revision()];
      const step = (work: () => void): void => {
        work();
        revisions.push(store.revision());
      };
      step(() => store.networks.insert(networkRow("n1", "one")));
      step(() => store.networks.update(networkRow("n1", "one")));
      step(() => store.networks.update({ ...networkRow("n1", "one"), state: "deleting" }));
      const [before = 0, inserted = 0, same = 0, changed = 0] = revisions;
      expect([inserted > before, same === inserted, changed > same]).toEqual([true, true, true]);
    });
  });

  test("takes no write outside a transaction", () => {
    expect(failureOf(() => store.networks.insert(networkRow("x", "x")))).toHaveProperty(
      "message",
      "a write to the store needs Store.transaction around it",
    );
  });
});

test("an endpoint becomes ready as it is in the table, unless it is gone", () => {
  rehearse(store, () => {
    const row = endpointRow(idFrom("e1"), idFrom("a1"), { resources: [sysctl("net/ipv4/conf/é/forwarding")] });
    store.endpoints.insert(row);
    store.endpoints.markReady(row.id);
    const ready: typeof row = { ...row, state: "ready" };
    expect(store.endpoints.get(row.id)).toEqual(ready);
    expect(store.endpoints.unfinished()).toEqual([]);
    // The text is the one that an update would write.
    const before = store.connection.totalChanges();
    store.endpoints.update(ready);
    expect(store.connection.totalChanges()).toBe(before);
    expect(failureOf(() => store.endpoints.markReady(idFrom("e2")))).toMatchObject({ kind: "not-found" });
  });
});
