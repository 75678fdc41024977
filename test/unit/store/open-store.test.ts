import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "@jest/globals";
import { migrations } from "../../../src/store/schema.js";
import { networkRow } from "./support/rows.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** A closed database with some rows in it. */
function fill(temporary: TemporaryStore): void {
  const store = temporary.open();
  store.transaction(() => {
    for (let at = 0; at < 200; at++) store.networks.insert(networkRow(`id${at}`, `name${at}`));
  });
}

describe("opening the store", () => {
  test("makes files that only their owner can read, and keeps what is in them", () => {
    using temporary = new TemporaryStore();
    const first = temporary.open();
    first.transaction(() => first.networks.insert(networkRow("a", "a")));
    expect(mode(dirname(temporary.path))).toBe(0o700);
    const files = readdirSync(dirname(temporary.path));
    expect(files.sort()).toEqual(["tsd.db", "tsd.db-shm", "tsd.db-wal"]);
    for (const file of files) expect(mode(`${dirname(temporary.path)}/${file}`)).toBe(0o600);
    expect(temporary.open().networks.list()).toEqual([networkRow("a", "a")]);
  });

  test("goes on where a process stopped after making the file", () => {
    using temporary = new TemporaryStore();
    mkdirSync(dirname(temporary.path));
    writeFileSync(temporary.path, "");
    expect(temporary.open().networks.list()).toEqual([]);
  });

  test("refuses a newer schema and names the tsd that knows it", () => {
    using temporary = new TemporaryStore();
    temporary.open();
    alter(temporary.path, "PRAGMA user_version = 99; INSERT INTO schema_history VALUES (99, '3.1.0', 'then')");
    expect(failureOf(() => temporary.open())).toMatchObject({
      kind: "store",
      code: "TSD_STORE_TOO_NEW",
      message: `the state database ${temporary.path} has schema 99 and needs tsd 3.1.0 or newer; this tsd knows schema ${migrations.length}`,
    });
  });
});

describe("a damaged database", () => {
  test("that is no database is refused and left as it is", () => {
    using temporary = new TemporaryStore();
    mkdirSync(dirname(temporary.path));
    const garbage = "no database, but long enough to be taken for one\n".repeat(200);
    writeFileSync(temporary.path, garbage);
    expect(failureOf(() => temporary.open())).toMatchObject({
      kind: "store",
      code: "TSD_STORE_DAMAGED",
      message: `the state database ${temporary.path} is damaged: file is not a database`,
      hint: expect.stringContaining(`mv ${temporary.path} ${temporary.path}.damaged`),
    });
    expect(readFileSync(temporary.path, "utf8")).toBe(garbage);
    expect(readdirSync(dirname(temporary.path))).toEqual(["tsd.db"]);
  });

  test("that is somebody else's is refused and left as it is", () => {
    using temporary = new TemporaryStore();
    mkdirSync(dirname(temporary.path));
    alter(temporary.path, "CREATE TABLE bookmarks (url TEXT)");
    const before = readFileSync(temporary.path);
    expect(failureOf(() => temporary.open())).toMatchObject({
      code: "TSD_STORE_DAMAGED",
      message: `the state database ${temporary.path} is damaged: it holds "bookmarks", but not tsd's tables`,
    });
    expect(readFileSync(temporary.path).equals(before)).toBe(true);
  });

  test("that lost its end fails with the path at the first read or write of it", () => {
    using temporary = new TemporaryStore();
    using original = new TemporaryStore();
    fill(original);
    alter(original.path, "PRAGMA wal_checkpoint(TRUNCATE)");
    mkdirSync(dirname(temporary.path));
    writeFileSync(temporary.path, readFileSync(original.path).subarray(0, 8192));
    const use = (): unknown => {
      const store = temporary.open();
      return store.transaction(() => store.networks.insert(networkRow("x", "x")));
    };
    expect(failureOf(use)).toMatchObject({ code: "TSD_STORE_DAMAGED", details: { path: temporary.path } });
  });

  test("with a row that is no JSON fails with the path", () => {
    using temporary = new TemporaryStore();
    const store = temporary.open();
    store.transaction(() => store.networks.insert(networkRow("a", "a")));
    alter(temporary.path, "UPDATE networks SET value = substr(value, 9)");
    expect(failureOf(() => store.networks.list())).toMatchObject({
      code: "TSD_STORE_DAMAGED",
      message: `the state database ${temporary.path} is damaged: a network in it cannot be read`,
    });
  });

  test("whose path is a directory or under a file says so", () => {
    using temporary = new TemporaryStore();
    mkdirSync(temporary.path, { recursive: true });
    expect(failureOf(() => temporary.open())).toMatchObject({ kind: "store", code: "TSD_STORE_FAILED" });
    using other = new TemporaryStore();
    writeFileSync(dirname(other.path), "a file");
    expect(failureOf(() => other.open())).toMatchObject({ kind: "store", code: "TSD_STORE_FAILED" });
  });
});
