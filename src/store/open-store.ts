import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Connection } from "./connection.js";
import { isUnwritable, toStoreError } from "./errors.js";
import { absentStore, bringUpToDate, type MigrationOptions } from "./migrate.js";
import { copyInMemory } from "./open-copy.js";
import { Reserve } from "./reserve.js";
import { SqliteStore } from "./sqlite-store.js";

export interface StoreOptions extends MigrationOptions {
  /** Milliseconds to wait for another writer; default 10 000. */
  readonly busyTimeout?: number;
  /** Directory for a {@link Reserve}; without one nothing is kept. */
  readonly reserve?: string;
}

const defaultBusyTimeout = 10_000;

/** Milliseconds for which SQLite asks for a lock, after 1, 2, 5 and 10, before {@link Connection} restarts it. */
const LOCK_TRIAL = 20;

/**
 * Opens the state database, and makes it where there is none: the file 0600, a directory 0700. An existing one costs one
 * look at its version. One that can be read and not written, on a disk that is full, read-only or failing, is read from a
 * copy in memory; its transactions try once more to write, and throw why they cannot. Throws `permission`, or `store` for
 * what is locked, unreadable, damaged or too new; the file is then as it was.
 */
export function openStore(path: string, options: StoreOptions): SqliteStore {
  const reserve = options.reserve === undefined ? undefined : new Reserve(options.reserve);
  const patience = options.busyTimeout ?? defaultBusyTimeout;
  try {
    const database = openDatabase(path, options);
    reserve?.keep();
    return new SqliteStore(new Connection(path, database, patience, { reserve }));
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    const reopen = () => openDatabase(path, options);
    const database = copyInMemory(path, options, error);
    return new SqliteStore(new Connection(path, database, patience, { reserve, copied: { reason: error, reopen } }));
  }
}

function openDatabase(path: string, options: StoreOptions): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (!existsSync(path)) {
      if (options.mayBegin === false) throw absentStore(path);
      createFile(path);
    }
    database = new DatabaseSync(path, { timeout: LOCK_TRIAL });
    const connection = new Connection(path, database, options.busyTimeout ?? defaultBusyTimeout);
    // What tsd reported as done survives a power cut. That costs some 0.2 ms a commit on an idle disk (ext4 on a virtual one),
    // and many times that on a busy one, so what need not survive goes by `unsyncedTransaction`.
    connection.execute("PRAGMA synchronous = FULL");
    bringUpToDate(connection, options);
    return database;
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

/** SQLite gives its journal files the permissions of the database, so that making it first settles them all. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    // Another process made it in between.
    if (!existsSync(path)) throw error;
  }
}
