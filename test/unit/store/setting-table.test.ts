import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { failureOf, rehearse, TemporaryStore } from "./support/temporary-store.js";

let temporary: TemporaryStore;
let store: SqliteStore;
beforeEach(() => {
  temporary = new TemporaryStore();
  store = temporary.open();
});
afterEach(() => temporary[Symbol.dispose]());

describe("the table of settings", () => {
  test("has nothing at first, and what was deleted no more", () => {
    expect(store.settings.get("nat")).toBeUndefined();
    store.transaction(() => store.settings.set("nat", 1));
    store.transaction(() => store.settings.delete("nat"));
    store.transaction(() => store.settings.delete("nat"));
    expect(store.settings.get("nat")).toBeUndefined();
  });

  test("returns any value of JSON as it was set last, and no other key's", () => {
    const property = fc.property(
      fc.string(),
      fc.string(),
      fc.jsonValue(),
      fc.jsonValue(),
      (key, other, first, last) => {
        fc.pre(key !== other);
        rehearse(store, () => {
          store.settings.set(key, first);
          store.settings.set(other, "other");
          store.settings.set(key, last);
          expect(store.settings.get(key)).toEqual(JSON.parse(JSON.stringify(last)));
          expect(store.settings.get(other)).toBe("other");
          store.settings.delete(other);
          expect(store.settings.get(other)).toBeUndefined();
        });
      },
    );
    fc.assert(property);
  });

  test("is the same for every process, and as before where a transaction fails", () => {
    store.transaction(() => store.settings.set("nat", { active: "nftables" }));
    const other = temporary.open();
    expect(other.settings.get("nat")).toEqual({ active: "nftables" });
    const broken = (): unknown =>
      other.transaction(() => {
        other.settings.set("nat", { active: "iptables" });
        throw new Error("broken");
      });
    expect(failureOf(broken)).toMatchObject({ message: "broken" });
    expect(store.settings.get("nat")).toEqual({ active: "nftables" });
  });

  test("is written in transactions only", () => {
    expect(failureOf(() => store.settings.set("nat", 1))).toMatchObject({
      message: expect.stringContaining("Store.transaction"),
    });
  });

  test("names the setting that is damaged, and still has the others", () => {
    store.transaction(() => {
      store.settings.set("nat", 1);
      store.settings.set("host", 2);
    });
    const database = new DatabaseSync(temporary.path);
    database.exec("UPDATE settings SET value = '{' WHERE key = 'nat'");
    database.close();
    expect(failureOf(() => store.settings.get("nat"))).toMatchObject({
      kind: "store",
      code: "TSD_STORE_DAMAGED",
      message: `the state database ${temporary.path} is damaged: the setting nat in it cannot be read`,
    });
    expect(store.settings.get("host")).toBe(2);
  });
});
