import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Connection } from "./connection.js";
import { isUnwritable, toStoreError } from "./errors.js";
import { bringUpToDate, type MigrationOptions } from "./migrate.js";
import { SqliteStore } from "./sqlite-store.js";

/**
 * The state database as it is now, in memory: what is written there goes nowhere, and the file, its journal and its
 * directory stay as they are. Empty where there is no database. Throws `permission`, or `store` for what is unreadable,
 * damaged or too new.
 */
export function openCopy(path: string, options: MigrationOptions): SqliteStore {
  return new SqliteStore(new Connection(path, copyInMemory(path, options), 0));
}

/**
 * The database of {@link openCopy}. With a `reason` the file could not be opened for writing: where it cannot be read either,
 * throws that.
 */
export function copyInMemory(path: string, options: MigrationOptions, reason?: unknown): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(":memory:");
    const connection = new Connection(path, database, 0);
    if (existsSync(path)) {
      attach(path, connection, reason === undefined ? [READ_ONLY] : [READ_ONLY, ALONE]);
      copyAttached(connection);
    }
    bringUpToDate(connection, options);
    return database;
  } catch (error) {
    database?.close();
    const failure = toStoreError(error, path);
    throw reason !== undefined && isUnwritable(failure) ? reason : failure;
  }
}

/** Ways to open a database whose log holds something (sqlite.org/uri.html): by the log's index, which has to be there … */
const READ_ONLY = "mode=ro";
/** … or with the index in memory, which locks out all others (sqlite.org/vfs.html, `unix-excl`). */
const ALONE = "vfs=unix-excl";

/**
 * To read a database with an empty log SQLite would make one. No process writes at this moment, and `immutable` avoids it
 * and every lock.
 */
function attach(path: string, connection: Connection, ways: readonly string[]): void {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const name = pathToFileURL(path).href.replaceAll("'", "''");
  let failure: unknown;
  for (const way of log === undefined || log.size === 0 ? ["immutable=1"] : ways) {
    try {
      // Reads the schema, and leaves nothing attached where it fails.
      connection.execute(`ATTACH '${name}?${way}' AS disk`);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

interface SchemaEntry {
  readonly type: "table" | "index" | "trigger" | "view";
  readonly name: string;
  readonly sql: string;
}

function copyAttached(connection: Connection): void {
  // The copy takes what is there, in whatever order; triggers would add to it.
  connection.execute("PRAGMA foreign_keys = OFF");
  connection.transaction(() => {
    const entries = connection.all<SchemaEntry>(
      "SELECT type, name, sql FROM disk.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
    );
    const isTable = ({ type }: SchemaEntry): boolean => type === "table";
    for (const { name, sql } of entries.filter(isTable)) {
      connection.execute(sql);
      connection.write(`INSERT INTO main."${name}" SELECT * FROM disk."${name}"`);
    }
    for (const { sql } of entries.filter((entry) => !isTable(entry))) connection.execute(sql);
    const version = connection.get<{ user_version: number }>("PRAGMA disk.user_version")?.user_version ?? 0;
    connection.execute(`PRAGMA main.user_version = ${version}`);
  });
  connection.execute("DETACH disk");
  connection.execute("PRAGMA foreign_keys = ON");
}
