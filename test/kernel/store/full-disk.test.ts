import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { openStore } from "../../../src/store/open-store.js";
import type { SqliteStore } from "../../../src/store/sqlite-store.js";
import { networkRow } from "../../unit/store/support/rows.js";
import { failureOf } from "../../unit/store/support/temporary-store.js";

/** A file system of its own, in the private mount namespace that these tests run in. */
class SmallDisk implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), "tsd-disk-"));
  readonly path = join(this.directory, "tsd.db");

  constructor(kilobytes: number) {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", this.directory]);
  }

  fill(): void {
    expect(failureOf(() => writeFileSync(join(this.directory, "ballast"), Buffer.alloc(2 ** 22)))).toMatchObject({
      code: "ENOSPC",
    });
  }

  makeReadOnly(): void {
    execFileSync("mount", ["-o", "remount,ro", this.directory]);
  }

  [Symbol.dispose](): void {
    execFileSync("umount", [this.directory]);
    rmdirSync(this.directory);
  }
}

const options = { tsdVersion: "0.1.0" };

function insertMany(store: SqliteStore, count: number): void {
  const resources = [{ kind: "netns", path: "x".repeat(5_000) } as const];
  store.transaction(() => {
    for (let at = 0; at < count; at++) store.networks.insert(networkRow(`id${at}`, `name${at}`, { resources }));
  });
}

const diskFull = (path: string): object => ({
  kind: "store",
  code: "TSD_STORE_DISK_FULL",
  message: `the disk is full: the state database ${path} cannot grow`,
});

describe("a full disk", () => {
  test("undoes the change that did not fit, keeps the rest, and goes on once there is room", () => {
    using disk = new SmallDisk(1024);
    const store = openStore(disk.path, options);
    store.transaction(() => store.networks.insert(networkRow("kept", "kept")));
    const ballast = join(disk.directory, "ballast");
    writeFileSync(ballast, Buffer.alloc(300 * 1024));
    expect(failureOf(() => insertMany(store, 2_000))).toMatchObject(diskFull(disk.path));
    expect(store.networks.list().map(({ id }) => id)).toEqual(["kept"]);
    rmSync(ballast);
    insertMany(store, 20);
    store.close();
    const reopened = openStore(disk.path, options);
    expect(reopened.networks.list()).toHaveLength(21);
    reopened.close();
  });

  test.each([0, 4, 16, 48, 96])("is said to be so when the database is made with %i KB of room", (room) => {
    using disk = new SmallDisk(256);
    writeFileSync(join(disk.directory, "ballast"), Buffer.alloc((256 - room) * 1024));
    const store = openStore(disk.path, options);
    expect(failureOf(() => insertMany(store, 1))).toMatchObject(diskFull(disk.path));
    store.close();
  });

  test("is read from a copy, and said to be so when it is to be written; it is then whole once there is room", () => {
    using disk = new SmallDisk(1024);
    const store = openStore(disk.path, options);
    insertMany(store, 10);
    store.close();
    const size = statSync(disk.path).size;
    disk.fill();
    const full = openStore(disk.path, options);
    expect(full.unwritable).toMatchObject(diskFull(disk.path));
    expect(full.networks.list()).toHaveLength(10);
    expect(failureOf(() => full.transaction(() => full.networks.delete("id0")))).toMatchObject(diskFull(disk.path));
    expect(full.networks.list()).toHaveLength(10);
    expect(statSync(disk.path).size).toBe(size);
    rmSync(join(disk.directory, "ballast"));
    full.transaction(() => full.networks.delete("id0"));
    expect(full.unwritable).toBeUndefined();
    full.close();
    const reopened = openStore(disk.path, options);
    expect(reopened.networks.list()).toHaveLength(9);
    reopened.close();
  });

  test("is read with what a killed process left in the log", () => {
    using disk = new SmallDisk(1024);
    const writer = openStore(disk.path, options);
    insertMany(writer, 3);
    // Both files as a kill leaves them.
    const log = ["", "-wal", "-shm"].map((suffix) => [suffix, readFileSync(`${disk.path}${suffix}`)] as const);
    writer.close();
    for (const [suffix, bytes] of log) writeFileSync(`${disk.path}${suffix}`, bytes);
    disk.fill();
    const full = openStore(disk.path, options);
    expect(full.networks.list()).toHaveLength(3);
    full.close();
    rmSync(`${disk.path}-shm`, { force: true });
    disk.fill();
    const without = openStore(disk.path, options);
    expect(without.networks.list()).toHaveLength(3);
    without.close();
  });
});

describe("the reserve", () => {
  const reserveOf = (disk: SmallDisk): string => join(disk.directory, "reserve");

  test("is for what frees, never for what is new, and is kept again behind it", () => {
    using disk = new SmallDisk(4096);
    const kept = { ...options, reserve: reserveOf(disk) };
    const before = openStore(disk.path, kept);
    insertMany(before, 10);
    before.close();
    disk.fill();
    const full = openStore(disk.path, kept);
    expect(failureOf(() => full.transaction(() => full.networks.insert(networkRow("new", "new"))))).toMatchObject({
      code: "TSD_STORE_DISK_FULL",
      message: expect.stringContaining("there is no room"),
    });
    full.transaction(() => full.networks.get("id0"));
    expect(readdirSync(reserveOf(disk))).toHaveLength(4);
    full.transaction(() => full.networks.delete("id0"));
    expect(existsSync(reserveOf(disk))).toBe(false);
    expect(failureOf(() => full.transaction(() => full.networks.insert(networkRow("new", "new"))))).toMatchObject({
      code: "TSD_STORE_DISK_FULL",
    });
    expect(full.networks.list()).toHaveLength(9);
    full.close();
    expect(readdirSync(reserveOf(disk))).toHaveLength(4);
  });

  test("is as large as there is room for, and grows with it", () => {
    using disk = new SmallDisk(1024);
    const kept = { ...options, reserve: reserveOf(disk) };
    openStore(disk.path, kept).close();
    expect(readdirSync(reserveOf(disk)).length).toBeLessThan(4);
    execFileSync("mount", ["-o", "remount,size=4m", disk.directory]);
    openStore(disk.path, kept).close();
    expect(readdirSync(reserveOf(disk))).toHaveLength(4);
  });
});

test("a read-only file system is read from a copy, named when it is to be written, and left alone", () => {
  using disk = new SmallDisk(1024);
  const writer = openStore(disk.path, options);
  insertMany(writer, 2);
  writer.close();
  disk.makeReadOnly();
  const store = openStore(disk.path, options);
  expect(store.networks.list()).toHaveLength(2);
  for (const change of [() => store.networks.delete("id0"), () => store.networks.insert(networkRow("x", "x"))]) {
    expect(failureOf(() => store.transaction(change))).toMatchObject({ kind: "store", code: "TSD_STORE_READ_ONLY" });
  }
  store.close();
  const elsewhere = openStore(join(disk.directory, "new", "tsd.db"), options);
  expect(elsewhere.networks.list()).toEqual([]);
  expect(failureOf(() => elsewhere.transaction(() => elsewhere.networks.insert(networkRow("x", "x"))))).toMatchObject({
    code: "TSD_STORE_READ_ONLY",
  });
  elsewhere.close();
  expect(readdirSync(disk.directory)).toEqual(["tsd.db"]);
});
