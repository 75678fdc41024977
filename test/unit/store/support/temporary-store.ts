import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type StoreOptions } from "../../../../src/store/open-store.js";
import type { SqliteStore } from "../../../../src/store/sqlite-store.js";

/** In memory where the machine has room for files there: thousands of stores are made, and each commit waits for the disk. */
const room = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A directory of its own for a database, gone when the scope ends. */
export class TemporaryStore implements Disposable {
  readonly directory = mkdtempSync(join(room, "tsd-store-"));
  readonly path = join(this.directory, "state", "tsd.db");
  private readonly opened: SqliteStore[] = [];

  open(options: Partial<StoreOptions> = {}): SqliteStore {
    const store = openStore(this.path, { tsdVersion: "0.1.0", ...options });
    this.opened.push(store);
    return store;
  }

  [Symbol.dispose](): void {
    for (const store of this.opened) store.close();
    rmSync(this.directory, { recursive: true });
  }
}

const undo = Symbol("undo");

/** Runs `work` in a transaction that leaves nothing behind, so that one store serves every run of a property. */
export function rehearse(store: SqliteStore, work: () => void): void {
  try {
    store.transaction(() => {
      work();
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
}

/** What `work` throws; fails the test if it throws nothing. */
export function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure");
}
