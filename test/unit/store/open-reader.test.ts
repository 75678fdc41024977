import { copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { StoreReader } from "../../../src/store/open-reader.js";
import { openStore } from "../../../src/store/open-store.js";
import { containerRow, endpointRow, idFrom, networkRow } from "./support/rows.js";
import { failureOf, TemporaryStore } from "./support/temporary-store.js";

test("a reader sees commits of others, its version with them, and writes nothing", () => {
  using temporary = new TemporaryStore();
  const writer = temporary.open();
  const reader = new StoreReader(temporary.path, { tsdVersion: "0.1.0" });
  const before = reader.version();
  expect(reader.version()).toBe(before);
  writer.transaction(() => writer.networks.insert(networkRow(idFrom("a"), "web")));
  expect(reader.version()).not.toBe(before);
  expect(reader.networks.list().map(({ network }) => network.name)).toEqual(["web"]);
  const write = () => reader.networks.delete(idFrom("a"));
  expect(write).toThrow("needs Store.transaction");
  expect(reader.isUsed()).toBe(true);
  reader.close();
});

test("a reader sees each commit of any of several processes", () => {
  using temporary = new TemporaryStore();
  const [one, other] = [temporary.open(), temporary.open()];
  const reader = new StoreReader(temporary.path, { tsdVersion: "0.1.0" });
  const seen = new Set<number>();
  for (let at = 0; at < 20; at++) {
    const writer = at % 2 === 0 ? one : other;
    writer.transaction(() => writer.networks.insert(networkRow(idFrom(`${at + 10}`), `n${at}`)));
    // The log begins again at its start, or is cut.
    if (at % 5 === 4) writer.connection.execute(`PRAGMA wal_checkpoint(${at % 10 === 4 ? "RESTART" : "TRUNCATE"})`);
    seen.add(reader.version());
    expect(reader.networks.list()).toHaveLength(at + 1);
  }
  expect(seen.size).toBe(20);
  reader.close();
});

test("a reader of a database without a write-ahead log sees commits", () => {
  using temporary = new TemporaryStore();
  const writer = temporary.open();
  writer.connection.execute("PRAGMA journal_mode = DELETE");
  const reader = new StoreReader(temporary.path, { tsdVersion: "0.1.0" });
  const before = reader.version();
  writer.transaction(() => writer.networks.insert(networkRow(idFrom("a"), "web")));
  expect(reader.version()).not.toBe(before);
  reader.close();
});

test("a reader leaves nothing open beside the file when it is not asked, and finds later what has changed meanwhile", async () => {
  using temporary = new TemporaryStore();
  const writer = openStore(temporary.path, { tsdVersion: "0.1.0" });
  const before = new StoreReader(temporary.path, { tsdVersion: "0.1.0" });
  const version = before.version();
  writer.transaction(() => writer.networks.insert(networkRow(idFrom("a"), "web")));
  writer.close();
  for (let turn = 0; existsSync(`${temporary.path}-wal`) && turn < 1000; turn++) await sleep(10);
  expect(existsSync(`${temporary.path}-wal`)).toBe(false);
  expect(before.version()).not.toBe(version);
  expect(before.networks.list()).toHaveLength(1);
  before.close();
});

test.each<[string, (path: string, store: TemporaryStore) => void]>([
  ["whose directory is removed", (_, { directory }) => rmSync(`${directory}/state`, { recursive: true })],
  [
    "that another file has replaced",
    (path) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  ],
  ["that a newer tsd has changed", (_, temporary) => temporary.open().connection.execute("PRAGMA user_version = 999")],
])("a state %s is used no more, and does no harm", (_, change) => {
  using temporary = new TemporaryStore();
  temporary.open();
  const reader = new StoreReader(temporary.path, { tsdVersion: "0.1.0" });
  change(temporary.path, temporary);
  expect(reader.isUsed()).toBe(false);
  expect(reader.endpoints.fingerprint({ netns: "/run/netns/x" })).toBe("");
  reader.close();
});

test("a state that is not there, or has another version, is not opened", () => {
  using temporary = new TemporaryStore();
  expect(failureOf(() => new StoreReader(temporary.path, { tsdVersion: "0.1.0" }))).toMatchObject({
    code: "TSD_STORE_ABSENT",
  });
  const { connection } = temporary.open();
  for (const [version, code] of [
    [1, "TSD_STORE_ABSENT"],
    [999, "TSD_STORE_TOO_NEW"],
  ] as const) {
    connection.execute(`PRAGMA user_version = ${version}`);
    expect(failureOf(() => new StoreReader(temporary.path, { tsdVersion: "0.1.0" }))).toMatchObject({ code });
  }
});

test("a fingerprint differs once an endpoint, or what its container does, is another", () => {
  using temporary = new TemporaryStore();
  const store = temporary.open();
  const [id, networkId] = [idFrom("e"), idFrom("a")];
  const container = containerRow(idFrom("c"), "web", "starting");
  const row = endpointRow(id, networkId, { containerId: container.id });
  const { netns } = row.endpoint;
  const seen: string[] = [];
  const look = () => seen.push(store.endpoints.fingerprint({ networkId }) + store.endpoints.fingerprint({ netns }));
  const steps: readonly (() => void)[] = [
    () => store.endpoints.insert(row),
    () => store.containers.insert(container),
    () => store.containers.update({ ...container, container: { ...container.container, status: "running" } }),
    () => store.containers.update({ ...container, resources: [{ kind: "resolver", netns }] }),
    () => store.endpoints.update({ ...row, state: "ready" }),
    () => store.endpoints.update({ ...row, endpoint: { ...row.endpoint, addresses: ["10.0.0.2/24"] } }),
    () => store.endpoints.update({ ...row, endpoint: { ...row.endpoint, aliases: ["db"] } }),
    () => store.endpoints.update({ ...row, containerId: idFrom("d") }),
    () => store.endpoints.delete(id),
  ];
  for (const step of steps) {
    store.transaction(step);
    look();
  }
  expect(new Set(seen).size).toBe(steps.length);
  expect(store.endpoints.fingerprint({ networkId })).toBe("");
});
