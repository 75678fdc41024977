import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Connection } from "./connection.js";
import { toStoreError } from "./errors.js";

/** Milliseconds for which SQLite asks for a lock, after 1, 2, 5 and 10, before {@link Connection} restarts it. */
const LOCK_TRIAL = 20;
/** SQLite's name for a database that is no file. */
const IN_MEMORY = ":memory:";

/**
 * Opens a database, and makes it where there is none: the file 0600, a directory 0700. `bringUpToDate` makes its tables. `patience` is
 * how long it waits for another process, in milliseconds.
 */
export function openDatabase(
  path: string,
  patience: number,
  bringUpToDate: (connection: Connection) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== IN_MEMORY && !existsSync(path)) createFile(path);
    database = new DatabaseSync(path, { timeout: LOCK_TRIAL });
    const connection = new Connection(path, database, patience);
    // What tsd reported as done survives a power cut. That costs some 0.2 ms a commit on an idle disk (ext4 on a virtual one),
    // and many times that on a busy one, so what need not survive goes by `unsyncedTransaction`.
    connection.execute("PRAGMA synchronous = FULL");
    bringUpToDate(connection);
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
