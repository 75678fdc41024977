import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Connection } from "./connection.js";
import { toStoreError } from "./errors.js";
import { bringUpToDate, type StoreOptions } from "./open-store.js";
import { SqliteStore } from "./sqlite-store.js";

/**
 * The state database as it is now, in memory: what is written there goes nowhere, and the file, its journal and its
 * directory stay as they are. Empty where there is no database. Throws as {@link openStore}.
 */
export function openCopy(path: string, options: Pick<StoreOptions, "tsdVersion">): SqliteStore {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(":memory:");
    const connection = new Connection(path, database, 0);
    if (existsSync(path)) copyFrom(path, connection);
    bringUpToDate(connection, options.tsdVersion);
    return new SqliteStore(connection);
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

interface SchemaEntry {
  readonly type: "table" | "index" | "trigger" | "view";
  readonly name: string;
  readonly sql: string;
}

function copyFrom(path: string, connection: Connection): void {
  // To read a database with a write-ahead log SQLite makes the log where there is none. Without one, nobody writes at this
  // moment; `immutable` spares the log and every lock (sqlite.org/uri.html).
  const mode = existsSync(`${path}-wal`) ? "mode=ro" : "immutable=1";
  connection.execute(`ATTACH '${pathToFileURL(path).href.replaceAll("'", "''")}?${mode}' AS disk`);
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
