import type { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import { Connection } from "../../../src/store/connection.js";

const busy = Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR", errcode: 5 });

/** A database that another process has locked, and how often it is asked which version it has. */
function locked(version: (asked: number) => number, freeAt = Number.POSITIVE_INFINITY) {
  let asked = 0;
  const database = {
    isTransaction: false,
    exec: () => {
      if (asked < freeAt) throw busy;
    },
    prepare: () => ({ get: () => ({ data_version: version(asked++) }) }),
  };
  return {
    connection: new Connection("/nosuch/state.db", database as unknown as DatabaseSync, 0),
    asked: () => asked,
  };
}

test("who waits for one that commits nothing waits once", () => {
  const { connection, asked } = locked(() => 1);
  expect(() => connection.execute("BEGIN")).toThrow(expect.objectContaining({ code: "TSD_STORE_BUSY" }));
  expect(asked()).toBe(2);
});

test("who waits among many that commit waits longer, and not for ever", () => {
  const { connection, asked } = locked((at) => at);
  expect(() => connection.execute("BEGIN")).toThrow(expect.objectContaining({ code: "TSD_STORE_BUSY" }));
  expect(asked()).toBe(7);
});

test("who waits longer than once gets its turn", () => {
  expect(() => locked((at) => at, 4).connection.execute("BEGIN")).not.toThrow();
});
