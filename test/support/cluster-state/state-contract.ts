import { expect, test } from "@jest/globals";
import type { ClusterBatch, ClusterState } from "../../../src/contracts/index.js";
import { eventually } from "../eventually.js";

export interface StateUnderTest {
  /** Two users of one state, as two hosts are. */
  readonly states: () => readonly [ClusterState, ClusterState];
  /** Forgets changes before the newest revision. */
  readonly compact: () => Promise<void>;
}

const absent = (key: string) => ({ key, is: "absent" as const });
const nothing = { require: [], put: [], remove: [] };

/** What every implementation of {@link ClusterState} holds. */
export function describeClusterState({ states, compact }: StateUnderTest): void {
  let tests = 0;
  /** A prefix of its own for each test. */
  const fresh = () => `/contract/${tests++}/`;
  const set = async (state: ClusterState, key: string, value: string) => {
    const { revision } = await state.commit({ ...nothing, put: [{ key, value }] });
    return revision;
  };
  const values = async (state: ClusterState, key: string) =>
    Object.fromEntries((await state.read(key)).records.map((record) => [record.key, record.value]));

  test("reads one record by its key, and all below a prefix in their order", async () => {
    const [a, b] = states();
    const at = fresh();
    for (const key of [`${at}b`, `${at}a`, `${at}a/1`, `${at}aa`]) await set(a, key, `ä of ${key}`);
    expect(await values(b, `${at}a`)).toEqual({ [`${at}a`]: `ä of ${at}a` });
    expect(Object.keys(await values(b, at))).toEqual([`${at}a`, `${at}a/1`, `${at}aa`, `${at}b`]);
    expect(await values(b, `${at}c`)).toEqual({});
  });

  test("counts revisions of the state and of each record", async () => {
    const [a, b] = states();
    const at = fresh();
    const first = await set(a, `${at}x`, "1");
    const second = await set(b, `${at}x`, "2");
    const { revision, records } = await a.read(at);
    expect(second).toBe(first + 1);
    expect({ revision, records }).toEqual({
      revision: second,
      records: [{ key: `${at}x`, value: "2", created: first, modified: second }],
    });
    await a.commit({ ...nothing, remove: [`${at}x`] });
    const again = await set(a, `${at}x`, "3");
    expect((await b.read(at)).records).toMatchObject([{ created: again, modified: again }]);
  });

  test("does all writes of a change or none, and returns what stands in its way", async () => {
    const [a, b] = states();
    const at = fresh();
    const taken = await set(a, `${at}taken`, "a");
    const change = {
      require: [absent(`${at}free`), absent(`${at}taken`)],
      put: [
        { key: `${at}free`, value: "b" },
        { key: `${at}taken`, value: "b" },
      ],
      remove: [],
    };
    expect(await b.commit(change)).toEqual({
      committed: false,
      revision: taken,
      found: [{ key: `${at}taken`, value: "a", created: taken, modified: taken }],
    });
    expect(await values(a, at)).toEqual({ [`${at}taken`]: "a" });
  });

  test.each([
    ["absent, where it is not", (at: string, _: number) => absent(`${at}x`), false],
    ["absent, where it is", (at: string, _: number) => absent(`${at}y`), true],
    ["present, where it is", (at: string, _: number) => ({ key: `${at}x`, is: "present" as const }), true],
    ["present, where it is not", (at: string, _: number) => ({ key: `${at}y`, is: "present" as const }), false],
    ["of that revision", (at: string, revision: number) => ({ key: `${at}x`, modified: revision }), true],
    ["of an earlier revision", (at: string, revision: number) => ({ key: `${at}x`, modified: revision - 1 }), false],
    ["of no revision, where it is absent", (at: string, _: number) => ({ key: `${at}y`, modified: 0 }), true],
    ["below, unchanged", (at: string, revision: number) => ({ below: at, unchangedSince: revision }), true],
    ["below, changed", (at: string, revision: number) => ({ below: at, unchangedSince: revision - 1 }), false],
    ["below, where nothing is", (at: string, _: number) => ({ below: `${at}none/`, unchangedSince: 0 }), true],
  ])("requires a record to be %s", async (_name, requirement, holds) => {
    const [a, b] = states();
    const at = fresh();
    const revision = await set(a, `${at}x`, "1");
    const change = { require: [requirement(at, revision)], put: [{ key: `${at}done`, value: "" }], remove: [] };
    expect((await b.commit(change)).committed).toBe(holds);
    expect(await values(a, `${at}done`)).toEqual(holds ? { [`${at}done`]: "" } : {});
  });

  test("lets one of many claims win", async () => {
    const [a, b] = states();
    const at = fresh();
    const claim = (value: string, state: ClusterState) =>
      state.commit({ require: [absent(`${at}x`)], put: [{ key: `${at}x`, value }], remove: [] });
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(String(n), n % 2 ? a : b)));
    expect(outcomes.filter(({ committed }) => committed)).toHaveLength(1);
    const winner = outcomes.findIndex(({ committed }) => committed);
    for (const { committed, found } of outcomes)
      if (!committed) expect(found).toMatchObject([{ value: String(winner) }]);
  });

  test("removes one key, and all below a prefix", async () => {
    const [a, b] = states();
    const at = fresh();
    for (const key of ["x", "xy", "in/1", "in/2", "inside"]) await set(a, at + key, "");
    const { revision } = await b.commit({ ...nothing, remove: [`${at}x`, `${at}in/`] });
    expect(Object.keys(await values(a, at))).toEqual([`${at}inside`, `${at}xy`]);
    expect((await b.commit({ ...nothing, remove: [`${at}x`] })).revision).toBe(revision);
  });

  test("refuses a change that etcd would refuse", async () => {
    const [a] = states();
    const many = Array.from({ length: 129 }, (_, n) => ({ key: `/many/${n}`, value: "" }));
    await expect(a.commit({ ...nothing, put: many })).rejects.toThrow(/more than 128/);
    const twice = { ...nothing, put: [{ key: "/t/x", value: "" }], remove: ["/t/"] };
    await expect(a.commit(twice)).rejects.toThrow(/twice/);
  });

  test("reads more records than one reply has, as of one revision", async () => {
    const [a, b] = states();
    const at = fresh();
    const keys = Array.from({ length: 2300 }, (_, n) => `${at}${String(n).padStart(4, "0")}`);
    for (let n = 0; n < keys.length; n += 100)
      await a.commit({ ...nothing, put: keys.slice(n, n + 100).map((key) => ({ key, value: "x" })) });
    const reading = b.read(at);
    const racing = a.commit({ ...nothing, remove: [keys[0] as string, keys.at(-1) as string] });
    const { records, revision } = await reading;
    const { revision: removed } = await racing;
    expect(records.map(({ key }) => key)).toEqual(revision < removed ? keys : keys.slice(1, -1));
    for (const most of [1, 1001]) {
      const some = await b.read(at, most);
      expect(some.records.map(({ key }) => key)).toEqual(keys.slice(1, most + 1));
      expect(some.total).toBe(2298);
    }
    expect(await b.read(`${at}none/`, 5)).toMatchObject({ records: [], total: 0 });
    const left = keys.slice(1, -1);
    for (const [from, first] of [
      [left[3], 3],
      [`${left[3]}\0`, 4],
      [`${at}zz`, left.length],
    ] as const) {
      const some = await b.read(at, 2, from);
      expect(some.records.map(({ key }) => key)).toEqual(left.slice(first, first + 2));
      expect(some.total).toBe(left.length - first);
    }
  });

  test("shows changes after a revision in their order, those that were and those that come", async () => {
    const [a, b] = states();
    const at = fresh();
    const start = await set(a, `${at}w/0`, "before");
    const one = await set(a, `${at}w/1`, "1");
    await set(a, `${at}other`, "not watched");
    const two = (await a.commit({ require: [], put: [{ key: `${at}w/2`, value: "2" }], remove: [`${at}w/0`] }))
      .revision;
    const seen: ClusterBatch[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const batch of b.watch([`${at}w/`], start, stop.signal)) seen.push(batch);
    })();
    await eventually(async () => expect(seen).toHaveLength(2));
    const three = await set(a, `${at}w/3`, "3");
    await eventually(async () => expect(seen).toHaveLength(3));
    stop.abort();
    await watching;
    const byKey = (changes: ClusterBatch["changes"]) => changes.toSorted((x, y) => x.key.localeCompare(y.key));
    expect(seen.map(({ revision, changes }) => ({ revision, changes: byKey(changes) }))).toEqual([
      { revision: one, changes: [{ key: `${at}w/1`, value: "1" }] },
      { revision: two, changes: [{ key: `${at}w/0` }, { key: `${at}w/2`, value: "2" }] },
      { revision: three, changes: [{ key: `${at}w/3`, value: "3" }] },
    ]);
  });

  test("watches several places at once, each alone or several as one", async () => {
    const [a, b] = states();
    const at = fresh();
    const start = await set(a, `${at}x/0`, "");
    const stop = new AbortController();
    const seen = new Set<string>();
    const watching = (async () => {
      for await (const { changes } of b.watch([`${at}x/`, [`${at}y/`, `${at}s`, `${at}v`]], start, stop.signal))
        for (const { key } of changes) seen.add(key);
    })();
    for (const key of ["x/1", "r", "s", "t", "v", "vv", "y/1", "z/1", "x/2"]) await set(a, at + key, "");
    await eventually(async () =>
      expect([...seen].toSorted()).toEqual(["s", "v", "x/1", "x/2", "y/1"].map((key) => at + key)),
    );
    stop.abort();
    await watching;
  });

  test("says that changes are no longer kept", async () => {
    const [a, b] = states();
    const at = fresh();
    const start = await set(a, `${at}x`, "1");
    await set(a, `${at}x`, "2");
    await set(a, `${at}x`, "3");
    await compact();
    const watch = b.watch([at], start, new AbortController().signal)[Symbol.asyncIterator]();
    await expect(watch.next()).rejects.toMatchObject({ kind: "conflict", code: "TSD_CLUSTER_HISTORY" });
    expect(await values(b, at)).toEqual({ [`${at}x`]: "3" });
  });

  test("says that it is at an earlier revision than it was", async () => {
    const [a, b] = states();
    const at = fresh();
    const revision = await set(a, `${at}x`, "1");
    // Its member may be a moment behind, and waits to be asked for what a quorum has.
    expect(await values(b, at)).toEqual({ [`${at}x`]: "1" });
    const watch = b.watch(["/contract/"], revision + 100, new AbortController().signal)[Symbol.asyncIterator]();
    await expect(watch.next()).rejects.toMatchObject({
      code: "TSD_CLUSTER_HISTORY",
      message: expect.stringContaining(`is at revision ${revision}, and was at ${revision + 100} before`),
    });
  });

  test("removes what is under a lease once it ends, and shows that", async () => {
    const [a, b] = states();
    const at = fresh();
    const lease = await a.lease(1);
    const { revision } = await a.commit({ ...nothing, put: [{ key: `${at}alive`, value: "", lease: lease.id }] });
    await set(a, `${at}stays`, "");
    expect(await lease.keepAlive()).toBe(true);
    const watch = b.watch([`${at}alive`], revision, new AbortController().signal)[Symbol.asyncIterator]();
    expect((await watch.next()).value).toMatchObject({ changes: [{ key: `${at}alive` }] });
    await watch.return?.();
    expect(await values(a, at)).toEqual({ [`${at}stays`]: "" });
    expect(await lease.keepAlive()).toBe(false);
    await lease.revoke();
    await expect(
      a.commit({ ...nothing, put: [{ key: `${at}alive`, value: "", lease: lease.id }] }),
    ).rejects.toMatchObject({ code: "TSD_CLUSTER_LEASE_ENDED" });
  });

  test("keeps what is under a lease that is kept alive, until it is revoked", async () => {
    const [a, b] = states();
    const at = fresh();
    const lease = await a.lease(2);
    await a.commit({ ...nothing, put: [{ key: `${at}alive`, value: "", lease: lease.id }] });
    for (let n = 0; n < 8; n++) {
      await new Promise((done) => setTimeout(done, 400));
      expect(await lease.keepAlive()).toBe(true);
    }
    expect(await values(b, at)).toEqual({ [`${at}alive`]: "" });
    await lease.revoke();
    expect(await values(b, at)).toEqual({});
  });
}
