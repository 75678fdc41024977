import { TsdError } from "../errors/tsd-error.js";
import type { Connection } from "./connection.js";
import { damagedStore } from "./errors.js";
import { migrations } from "./schema.js";

export interface MigrationOptions {
  /** Version of the tsd that opens it, kept beside each schema version that it introduces. */
  readonly tsdVersion: string;
  /** False: throws {@link absentStore} in place of filling a database that has nothing in it yet. Default true. */
  readonly mayBegin?: boolean;
}

/** Migrates where needed. Throws for a database that a newer tsd or another program has made. */
export function bringUpToDate(connection: Connection, options: MigrationOptions): void {
  if (knownVersion(connection) < migrations.length) migrate(connection, options);
}

/** There is no state: the file is not there, or empty. */
export function absentStore(path: string): TsdError {
  return new TsdError({
    kind: "store",
    code: "TSD_STORE_ABSENT",
    message: `there is no state in ${path}`,
    details: { path },
  });
}

/** The schema version of the database, 0 for an empty one. Throws for one that a newer tsd has made. */
export function knownVersion(connection: Connection): number {
  const version = readVersion(connection);
  if (version > migrations.length) throw tooNew(connection, version);
  return version;
}

function readVersion(connection: Connection): number {
  return connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
}

function migrate(connection: Connection, { tsdVersion, mayBegin = true }: MigrationOptions): void {
  if (readVersion(connection) === 0) {
    refuseForeign(connection);
    if (!mayBegin) throw absentStore(connection.path);
    connection.execute("PRAGMA journal_mode = WAL");
  }
  connection.transaction(() => {
    // Another process may have migrated while this one waited for the lock.
    const version = knownVersion(connection);
    for (const [at, migration] of migrations.entries()) {
      if (at < version) continue;
      connection.execute(migration());
      connection.write("INSERT INTO schema_history VALUES (?, ?, ?)", at + 1, tsdVersion, new Date().toISOString());
    }
    connection.execute(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** A database with tables but without a version is not tsd's. */
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
