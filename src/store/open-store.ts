import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { Connection } from "./connection.js";
import { isUnwritable } from "./errors.js";
import { absentStore, bringUpToDate, type MigrationOptions } from "./migrate.js";
import { copyInMemory } from "./open-copy.js";
import { openDatabase } from "./open-database.js";
import { Reserve } from "./reserve.js";
import { SqliteStore } from "./sqlite-store.js";

export interface StoreOptions extends MigrationOptions {
  /** Milliseconds to wait for another writer; default 10 000. */
  readonly busyTimeout?: number;
  /** Directory for a {@link Reserve}; without one nothing is kept. */
  readonly reserve?: string;
}

const defaultBusyTimeout = 10_000;

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
    const database = openUpToDate(path, options);
    reserve?.keep();
    return new SqliteStore(new Connection(path, database, patience, { reserve }));
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    const reopen = () => openUpToDate(path, options);
    const database = copyInMemory(path, options, error);
    return new SqliteStore(new Connection(path, database, patience, { reserve, copied: { reason: error, reopen } }));
  }
}

function openUpToDate(path: string, options: StoreOptions): DatabaseSync {
  if (options.mayBegin === false && !existsSync(path)) throw absentStore(path);
  const patience = options.busyTimeout ?? defaultBusyTimeout;
  return openDatabase(path, patience, (connection) => bringUpToDate(connection, options));
}
