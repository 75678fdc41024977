import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "@jest/globals";
import { openCopy } from "../../../src/store/open-copy.js";
import { openStore } from "../../../src/store/open-store.js";
import { networkRow } from "./support/rows.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

const copyOf = (path: string) => openCopy(path, { tsdVersion: "0.1.0" });

/** Every file beside the database with its bytes; not the index of the log, where SQLite notes who reads. */
function filesOf({ path }: TemporaryStore): readonly (readonly [string, string])[] {
  const directory = dirname(path);
  const names = readdirSync(directory).filter((name) => !name.endsWith("-shm"));
  return names.sort().map((name) => [name, readFileSync(`${directory}/${name}`, "hex")] as const);
}

describe("a copy of the store", () => {
  test.each([
    ["that nobody has open", false],
    ["that others use", true],
  ])("%s has all its rows, and what is written there goes nowhere", (_, isOpen) => {
    using temporary = new TemporaryStore();
    const store = openStore(temporary.path, { tsdVersion: "0.1.0" });
    store.transaction(() => store.networks.insert(networkRow("a", "a")));
    const before = store.changes.after(0);
    if (!isOpen) store.close();
    const files = filesOf(temporary);
    const copy = copyOf(temporary.path);
    expect(copy.networks.list()).toEqual([networkRow("a", "a")]);
    expect(copy.changes.after(0)).toEqual(before);
    copy.transaction(() => {
      copy.networks.insert(networkRow("b", "b"));
      copy.networks.delete("a");
    });
    expect(copy.networks.list()).toEqual([networkRow("b", "b")]);
    expect(copy.changes.after(before.length)).toHaveLength(2);
    copy.close();
    expect(filesOf(temporary)).toEqual(files);
    if (isOpen) store.close();
  });

  test("is empty where there is no store, and makes none", () => {
    using temporary = new TemporaryStore();
    const copy = copyOf(temporary.path);
    expect(copy.networks.list()).toEqual([]);
    copy.transaction(() => copy.networks.insert(networkRow("a", "a")));
    copy.close();
    expect(existsSync(dirname(temporary.path))).toBe(false);
  });

  test("waits for nobody who writes", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    store.transaction(() => {
      store.networks.insert(networkRow("a", "a"));
      const copy = copyOf(temporary.path);
      copy.transaction(() => copy.networks.insert(networkRow("b", "b")));
      expect(copy.networks.list()).toEqual([networkRow("b", "b")]);
      copy.close();
    });
  });

  test("is refused for what a newer tsd made", () => {
    using temporary = new TemporaryStore();
    openStore(temporary.path, { tsdVersion: "0.1.0" }).close();
    const database = new DatabaseSync(temporary.path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(failureOf(() => copyOf(temporary.path))).toMatchObject({ kind: "store", code: "TSD_STORE_TOO_NEW" });
  });
});
