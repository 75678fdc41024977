import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TsdError } from "../errors/tsd-error.js";
import { Connection } from "./connection.js";
import { damagedStore, toStoreError } from "./errors.js";
import { migrations } from "./schema.js";
import { SqliteStore } from "./sqlite-store.js";

export interface StoreOptions {
  /** Version of the tsd that opens it, kept beside each schema version that it introduces. */
  readonly tsdVersion: string;
  /** Milliseconds to wait for another writer; default 10 000. */
  readonly busyTimeout?: number;
}

const defaultBusyTimeout = 10_000;

/** Milliseconds for which SQLite asks for a lock, after 1, 2, 5 and 10, before {@link Connection} has it begin anew. */
const LOCK_TRIAL = 20;

/**
 * Opens the state database, and makes it where there is none: the file 0600, a directory 0700. An existing one costs one
 * look at its version. Throws `permission`, or `store` for what is locked, full, read-only, damaged or too new; the file
 * is then as it was.
 */
export function openStore(path: string, options: StoreOptions): SqliteStore {
  let database: DatabaseSync | undefined;
  try {
    if (!existsSync(path)) createFile(path);
    database = new DatabaseSync(path, { timeout: LOCK_TRIAL });
    const connection = new Connection(path, database, options.busyTimeout ?? defaultBusyTimeout);
    // A commit costs 0.2 ms with FULL and 0.02 ms with NORMAL (ext4 on a virtual disk), and a command makes two to five:
    // little for the promise that what tsd reported as done survives a power cut.
    connection.execute("PRAGMA synchronous = FULL");
    bringUpToDate(connection, options.tsdVersion);
    return new SqliteStore(connection);
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

/** Migrates where needed. Throws for a database that a newer tsd or somebody else has made. */
export function bringUpToDate(connection: Connection, tsdVersion: string): void {
  if (knownVersion(connection) < migrations.length) migrate(connection, tsdVersion);
}

/** The schema version of the database, 0 for an empty one. Throws for one that a newer tsd has made. */
function knownVersion(connection: Connection): number {
  const version = readVersion(connection);
  if (version > migrations.length) throw tooNew(connection, version);
  return version;
}

function readVersion(connection: Connection): number {
  return connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
}

function migrate(connection: Connection, tsdVersion: string): void {
  if (readVersion(connection) === 0) {
    refuseForeign(connection);
    connection.execute("PRAGMA journal_mode = WAL");
  }
  connection.transaction(() => {
    // Another process may have migrated while this one waited for the lock.
    const version = knownVersion(connection);
    for (const [at, migration] of migrations.entries()) {
      if (at < version) continue;
      connection.execute(migration);
      connection.write("INSERT INTO schema_history VALUES (?, ?, ?)", at + 1, tsdVersion, new Date().toISOString());
    }
    connection.execute(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** A database with tables but without a version is somebody else's. */
function refuseForeign(connection: Connection): void {
  const table = connection.get<{ name: string }>("SELECT name FROM sqlite_schema LIMIT 1");
  if (table !== undefined && readVersion(connection) === 0)
    throw damagedStore(connection.path, `it holds "${table.name}", but not tsd's tables`);
}

function tooNew(connection: Connection, version: number): TsdError {
  const { path } = connection;
  const writer = connection.get<{ tsd: string }>("SELECT tsd FROM schema_history WHERE version = ?", version)?.tsd;
  const needed = writer === undefined ? "a newer tsd" : `tsd ${writer} or newer`;
  return new TsdError({
    kind: "store",
    code: "TSD_STORE_TOO_NEW",
    message: `the state database ${path} has schema ${version} and needs ${needed}; this tsd knows schema ${migrations.length}`,
    hint: `Use ${needed}, or another directory with TSD_ROOT.`,
    details: { path, version, known: migrations.length, needed: writer },
  });
}
