import type { Connection } from "../../store/connection.js";
import { damagedStore } from "../../store/errors.js";

const VERSION = 1;

/**
 * `history` has what each revision wrote, without a value for what it removed. `ends` of a lease counts on the clock of one boot, in
 * milliseconds.
 */
const tables = `
  CREATE TABLE revisions (last INTEGER NOT NULL, kept INTEGER NOT NULL) STRICT;
  INSERT INTO revisions VALUES (1, 1);
  CREATE TABLE records (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    created INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    lease TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX records_lease ON records (lease) WHERE lease IS NOT NULL;
  CREATE TABLE history (revision INTEGER NOT NULL, key TEXT NOT NULL, value TEXT, PRIMARY KEY (revision, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE leases (id TEXT PRIMARY KEY, seconds INTEGER NOT NULL, boot TEXT NOT NULL, ends REAL NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Makes the tables of a database that has none. Throws `store` for one that another program or a newer tsd has made. */
export function bringUpToDate(connection: Connection): void {
  if (versionOf(connection) === VERSION) return;
  if (versionOf(connection) === 0) connection.execute("PRAGMA journal_mode = WAL");
  connection.transaction(() => {
    // Another process may have made them meanwhile.
    const version = versionOf(connection);
    if (version === VERSION) return;
    const table = connection.get<{ name: string }>("SELECT name FROM sqlite_schema LIMIT 1")?.name;
    if (version !== 0 || table !== undefined)
      throw damagedStore(
        connection.path,
        `it has version ${version} and the table "${table}", which this tsd did not make`,
      );
    connection.execute(tables);
    connection.execute(`PRAGMA user_version = ${VERSION}`);
  });
}

function versionOf(connection: Connection): number {
  return connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
}
