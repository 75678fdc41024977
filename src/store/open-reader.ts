import { type BigIntStats, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Connection } from "./connection.js";
import { toStoreError } from "./errors.js";
import { absentStore, knownVersion } from "./migrate.js";
import { migrations } from "./schema.js";
import { SqliteStore } from "./sqlite-store.js";

/** Milliseconds that a read waits, where others wait for it in turn. */
const PATIENCE = 250;

/** A state database that is only read, for as long as it is the one that commands use. */
export class StoreReader {
  readonly store: SqliteStore;
  private readonly opened: string;

  /** Throws `store` for what is absent, damaged, or newer than this tsd; a database that no command has brought up to date is absent. */
  constructor(private readonly path: string) {
    let database: DatabaseSync | undefined;
    try {
      const file = identify(path);
      if (file === undefined) throw absentStore(path);
      this.opened = file;
      database = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE });
      this.store = new SqliteStore(new Connection(path, database, PATIENCE));
      if (knownVersion(this.store.connection) < migrations.length) throw absentStore(path);
    } catch (error) {
      database?.close();
      throw toStoreError(error, path);
    }
  }

  /** False once the file is gone or another one, or a newer tsd has changed its schema. */
  isUsed(): boolean {
    const version = this.store.connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version;
    return identify(this.path) === this.opened && version === migrations.length;
  }

  close(): void {
    this.store.close();
  }
}

/** Which file it is. */
function identify(path: string): string | undefined {
  const status: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return status === undefined ? undefined : `${status.dev}:${status.ino}`;
}
