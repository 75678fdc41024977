import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
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
    expect(failureOf(() => openStore(disk.path, options).close())).toMatchObject(diskFull(disk.path));
  });

  test("is said to be so when an existing database is opened, which is then whole once there is room", () => {
    using disk = new SmallDisk(1024);
    const store = openStore(disk.path, options);
    insertMany(store, 10);
    store.close();
    const size = statSync(disk.path).size;
    const ballast = join(disk.directory, "ballast");
    expect(failureOf(() => writeFileSync(ballast, Buffer.alloc(2 ** 20)))).toMatchObject({ code: "ENOSPC" });
    expect(failureOf(() => openStore(disk.path, options).networks.list())).toMatchObject(diskFull(disk.path));
    expect(statSync(disk.path).size).toBe(size);
    rmSync(ballast);
    const reopened = openStore(disk.path, options);
    expect(reopened.networks.list()).toHaveLength(10);
    reopened.close();
  });
});

test("a read-only file system is named as such, and left alone", () => {
  using disk = new SmallDisk(1024);
  openStore(disk.path, options).close();
  disk.makeReadOnly();
  expect(failureOf(() => openStore(disk.path, options))).toMatchObject({ kind: "store", code: "TSD_STORE_READ_ONLY" });
  const elsewhere = join(disk.directory, "new", "tsd.db");
  expect(failureOf(() => openStore(elsewhere, options))).toMatchObject({ code: "TSD_STORE_READ_ONLY" });
  expect(readdirSync(disk.directory)).toEqual(["tsd.db"]);
});
