import { describe, expect, test } from "@jest/globals";
import { networkRow } from "./support/rows.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

function names(store: ReturnType<TemporaryStore["open"]>): readonly string[] {
  return store.networks.list().map(({ network }) => network.name);
}

describe("a transaction", () => {
  test("returns what its work returns, and other connections see it", () => {
    using temporary = new TemporaryStore();
    const [store, other] = [temporary.open(), temporary.open()];
    const answer = store.transaction(() => {
      store.networks.insert(networkRow("a", "a"));
      expect(names(other)).toEqual([]);
      return 42;
    });
    expect(answer).toBe(42);
    expect(names(other)).toEqual(["a"]);
  });

  test("is undone by a throw, which passes through as it is", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const fault = new Error("mine");
    const failing = (): void =>
      store.transaction(() => {
        store.networks.insert(networkRow("a", "a"));
        throw fault;
      });
    expect(failureOf(failing)).toBe(fault);
    expect(names(store)).toEqual([]);
    store.transaction(() => store.networks.insert(networkRow("b", "b")));
    expect(names(store)).toEqual(["b"]);
  });

  test("inside another is undone alone, and never outlives it", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const insert = (name: string): void => store.networks.insert(networkRow(name, name));
    store.transaction(() => {
      insert("outer");
      const inner = (): void =>
        store.transaction(() => {
          insert("inner");
          throw new Error("inner only");
        });
      failureOf(inner);
      store.transaction(() => store.transaction(() => insert("kept")));
    });
    expect(names(store)).toEqual(["outer", "kept"]);
    failureOf(() =>
      store.transaction(() => {
        store.transaction(() => insert("lost"));
        throw new Error("outer");
      }),
    );
    expect(names(store)).toEqual(["outer", "kept"]);
  });

  test("waits for another writer, then says who it is", () => {
    using temporary = new TemporaryStore();
    const [writer, waiting] = [temporary.open(), temporary.open({ busyTimeout: 20 })];
    writer.transaction(() => {
      expect(failureOf(() => waiting.transaction(() => undefined))).toMatchObject({
        kind: "store",
        code: "TSD_STORE_BUSY",
        details: { path: temporary.path, pid: process.pid },
      });
      expect(names(waiting)).toEqual([]);
    });
    waiting.transaction(() => waiting.networks.insert(networkRow("later", "later")));
    expect(names(writer)).toEqual(["later"]);
  });
});

describe("a fleeting transaction", () => {
  test("is seen by other connections, and undone by a throw", () => {
    using temporary = new TemporaryStore();
    const [store, other] = [temporary.open(), temporary.open()];
    expect(store.unsyncedTransaction(() => store.networks.insert(networkRow("a", "a")))).toBeUndefined();
    expect(names(other)).toEqual(["a"]);
    failureOf(() =>
      store.unsyncedTransaction(() => {
        store.networks.insert(networkRow("b", "b"));
        throw new Error("undo");
      }),
    );
    expect(names(other)).toEqual(["a"]);
  });

  test("does not wait for the disk, and the next ordinary one does", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    const waits = (): boolean =>
      // PRAGMA synchronous: 1 is NORMAL, 2 is FULL.
      store.connection.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous === 2;
    expect(store.unsyncedTransaction(waits)).toBe(false);
    expect(store.unsyncedTransaction(waits)).toBe(false);
    expect(store.transaction(waits)).toBe(true);
    expect(store.unsyncedTransaction(() => store.transaction(waits))).toBe(false);
    expect(store.transaction(() => store.unsyncedTransaction(waits))).toBe(true);
  });

  test("inside an ordinary one shares its fate", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    failureOf(() =>
      store.transaction(() => {
        store.unsyncedTransaction(() => store.networks.insert(networkRow("a", "a")));
        throw new Error("outer");
      }),
    );
    expect(names(store)).toEqual([]);
  });
});
