import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "@jest/globals";
import { migrations } from "../../../src/store/schema.js";
import { containerRow, endpointRow, networkRow } from "./support/rows.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

const kept = networkRow("a", "kept", { state: "ready" });

/** A database as the tsd of schema version 1 left it, with one network. */
function makeVersion1(path: string): void {
  mkdirSync(dirname(path));
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; ${migrations[0]?.()}; PRAGMA user_version = 1`);
  database.exec("INSERT INTO schema_history VALUES (1, '0.0.9', '2025-01-01T00:00:00.000Z')");
  database
    .prepare("INSERT INTO networks (id, state, kinds, name, value) VALUES (?, ?, ?, ?, ?)")
    .run(kept.id, kept.state, "", kept.network.name, JSON.stringify(kept));
  database.close();
}

/** What `sql` returns, read past the code under test. */
function read(path: string, sql: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

const schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";

describe("a database of schema version 1", () => {
  test("is migrated when it is opened, with its rows", () => {
    using temporary = new TemporaryStore();
    makeVersion1(temporary.path);
    const store = temporary.open({ tsdVersion: "0.2.0" });
    expect(store.networks.list()).toEqual([kept]);
    store.transaction(() => store.settings.set("nat", "kept too"));
    expect(temporary.open().settings.get("nat")).toBe("kept too");
    expect(read(temporary.path, "PRAGMA user_version")).toEqual([{ user_version: migrations.length }]);
    expect(read(temporary.path, "SELECT version, tsd FROM schema_history ORDER BY version")).toEqual([
      { version: 1, tsd: "0.0.9" },
      { version: 2, tsd: "0.2.0" },
      { version: 3, tsd: "0.2.0" },
      { version: 4, tsd: "0.2.0" },
      { version: 5, tsd: "0.2.0" },
      { version: 6, tsd: "0.2.0" },
      { version: 7, tsd: "0.2.0" },
      { version: 8, tsd: "0.2.0" },
      { version: 9, tsd: "0.2.0" },
      { version: 10, tsd: "0.2.0" },
      { version: 11, tsd: "0.2.0" },
      { version: 12, tsd: "0.2.0" },
    ]);
  });

  test("guards the way from 127.0.0.0/8 where it was open", () => {
    using temporary = new TemporaryStore();
    makeVersion1(temporary.path);
    const database = new DatabaseSync(temporary.path);
    const before = { kind: "link", type: "bridge", name: "br0" };
    const after = { kind: "sysctl", key: "net/ipv4/conf/br0/forwarding", value: "1" };
    const parameter = { kind: "sysctl", key: "net/ipv4/conf/br-0.1/route_localnet", value: "1" };
    const rows = { own: parameter, adopted: { ...parameter, restore: "0" } };
    for (const [id, sysctl] of Object.entries(rows)) {
      database
        .prepare("INSERT INTO networks (id, state, kinds, name, value) VALUES (?, 'ready', ' link sysctl ', ?, ?)")
        .run(id, id, JSON.stringify({ ...networkRow(id, id), resources: [before, sysctl, after] }));
    }
    database.close();
    const store = temporary.open();
    const localnet = { kind: "localnet", link: "br-0.1" };
    expect(store.networks.list().map(({ resources }) => resources)).toEqual([
      kept.resources,
      [before, localnet, after],
      [before, { ...localnet, foreignPorts: true, restore: "0", keepsQdisc: true }, after],
    ]);
    expect(store.listing("localnet br-0.1").map(({ rowId }) => rowId)).toEqual(["own", "adopted"]);
    expect(store.listing("link br0")).toEqual([
      { rowId: "own", resource: before },
      { rowId: "adopted", resource: before },
    ]);
  });

  test("has containers on the networks they were on, and attachments that are found by namespace", () => {
    using temporary = new TemporaryStore();
    makeVersion1(temporary.path);
    const database = new DatabaseSync(temporary.path);
    const { container, ...row } = containerRow("c", "web");
    const specs = { c: { image: "x", network: "net" }, d: { image: "x" } };
    for (const [id, spec] of Object.entries(specs)) {
      database
        .prepare(
          "INSERT INTO containers (id, state, kinds, name, status, value) VALUES (?, 'ready', '', ?, 'created', ?)",
        )
        .run(id, id, JSON.stringify({ ...row, id, container: { ...container, id, spec } }));
    }
    const endpoint = endpointRow("e", "a");
    database
      .prepare("INSERT INTO endpoints (id, state, kinds, network_id, value) VALUES ('e', 'ready', '', 'a', ?)")
      .run(JSON.stringify(endpoint));
    database.close();
    const store = temporary.open();
    expect(store.containers.list().map((each) => each.container.spec)).toEqual([
      { image: "x", networks: [{ network: "net" }] },
      { image: "x" },
    ]);
    expect(store.endpoints.ofNetns(endpoint.endpoint.netns)).toEqual([endpoint]);
    expect(store.endpoints.summaries("a")).toEqual([
      { id: "e", state: "ready", networkId: "a", addresses: [], aliases: [] },
    ]);
  });

  test("is then as one that was made again", () => {
    using temporary = new TemporaryStore();
    using fresh = new TemporaryStore();
    makeVersion1(temporary.path);
    temporary.open();
    fresh.open();
    expect(read(temporary.path, schema)).toEqual(read(fresh.path, schema));
  });

  test("finds rows that are changing among the unfinished", () => {
    using temporary = new TemporaryStore();
    makeVersion1(temporary.path);
    const store = temporary.open();
    store.transaction(() => store.networks.update({ ...kept, state: "changing" }));
    expect(store.networks.unfinished()).toEqual([{ ...kept, state: "changing" }]);
    const plan = read(
      temporary.path,
      "EXPLAIN QUERY PLAN SELECT * FROM networks WHERE state IN ('creating', 'changing', 'deleting')",
    );
    expect(plan).toEqual([expect.objectContaining({ detail: expect.stringContaining("networks_unfinished") })]);
  });

  test("is as it was where the migration fails", () => {
    using temporary = new TemporaryStore();
    makeVersion1(temporary.path);
    const database = new DatabaseSync(temporary.path);
    database.exec("CREATE TABLE settings (somebody TEXT)");
    database.close();
    const before = [read(temporary.path, schema), read(temporary.path, "SELECT * FROM networks")];
    expect(failureOf(() => temporary.open())).toMatchObject({
      kind: "store",
      message: expect.stringContaining("settings"),
    });
    expect([read(temporary.path, schema), read(temporary.path, "SELECT * FROM networks")]).toEqual(before);
    expect(read(temporary.path, "PRAGMA user_version")).toEqual([{ user_version: 1 }]);
  });
});

test.each([
  [
    "what endpoints are to others, without their values",
    "SELECT id, state, container_id, addresses, aliases FROM endpoints WHERE network_id = 'a' ORDER BY seq",
    "COVERING INDEX endpoints_network",
  ],
  [
    "endpoints of other boots",
    "SELECT seq FROM endpoints WHERE container_id IS NULL AND value ->> '$.owner.bootId' < 'b'",
    "INDEX endpoints_foreign (<expr><?)",
  ],
])("finds %s by an index", (_, sql, index) => {
  using temporary = new TemporaryStore();
  temporary.open();
  const plan = read(temporary.path, `EXPLAIN QUERY PLAN ${sql}`);
  expect(plan).toEqual([expect.objectContaining({ detail: expect.stringContaining(index) })]);
});
