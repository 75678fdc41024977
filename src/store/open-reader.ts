import { type BigIntStats, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { monotonicTime } from "../contracts/clock.js";
import type { WatchedStore } from "../contracts/index.js";
import { CommitWatch } from "./commit-watch.js";
import { Connection } from "./connection.js";
import { isUnwritable, toStoreError } from "./errors.js";
import { absentStore, knownVersion, type MigrationOptions } from "./migrate.js";
import { copyInMemory } from "./open-copy.js";
import { migrations } from "./schema.js";
import { SqliteStore } from "./sqlite-store.js";

/** Milliseconds that a read waits, where others wait for it in turn. */
const PATIENCE = 250;
/** Milliseconds without a question after which the database is closed. */
const IDLE = 100;
/** More than SQLite's version of an open database grows to. */
const VERSIONS = 2 ** 32;

/**
 * The state database for a process that is asked for long. It is open only while questions come: the last process that closes it
 * leaves one file that can be copied, and one that is put back in its place meets nothing of another.
 */
export class StoreReader implements WatchedStore {
  private readonly file: string;
  private current: SqliteStore | undefined;
  private commits: CommitWatch | undefined;
  private known = 0;
  private openings = 0;
  private lastUse = 0;

  /** Throws `store` for what is absent, damaged, or newer than this tsd; a database that no command has brought up to date is absent. */
  constructor(
    private readonly path: string,
    private readonly options: MigrationOptions,
  ) {
    const file = identify(path);
    if (file === undefined) throw absentStore(path);
    this.file = file;
    this.current = this.open();
  }

  get networks(): WatchedStore["networks"] {
    return this.ready().networks;
  }

  get endpoints(): WatchedStore["endpoints"] {
    return this.ready().endpoints;
  }

  get containers(): WatchedStore["containers"] {
    return this.ready().containers;
  }

  get peers(): SqliteStore["peers"] {
    return this.ready().peers;
  }

  get settings(): SqliteStore["settings"] {
    return this.ready().settings;
  }

  version(): number {
    const store = this.ready();
    const look = (): void => {
      this.known = store.version();
    };
    if (this.commits === undefined) look();
    else this.commits.ifNews(look);
    return this.openings * VERSIONS + this.known;
  }

  /** False once the file is gone or another one. */
  isThere(): boolean {
    return identify(this.path) === this.file;
  }

  /** False once the file is gone or another one, or a newer tsd has changed its schema. */
  isUsed(): boolean {
    if (!this.isThere()) return false;
    try {
      return knownVersion(this.ready().connection) === migrations.length;
    } catch {
      return false;
    }
  }

  close(): void {
    this.current?.close();
    this.commits?.close();
    this.current = undefined;
    this.commits = undefined;
  }

  private ready(): SqliteStore {
    this.lastUse = monotonicTime();
    this.current ??= this.open();
    return this.current;
  }

  private open(): SqliteStore {
    if (!this.isThere()) throw absentStore(this.path);
    try {
      const store = this.openFile();
      this.closeWhenIdle(store);
      return store;
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      return this.openCopy(error);
    } finally {
      this.openings++;
    }
  }

  private openFile(): SqliteStore {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(this.path, { timeout: PATIENCE });
      const connection = new Connection(this.path, database, PATIENCE);
      connection.execute("PRAGMA query_only = ON");
      if (knownVersion(connection) < migrations.length) throw absentStore(this.path);
      this.commits = new CommitWatch(this.path);
      return new SqliteStore(connection);
    } catch (error) {
      database?.close();
      throw toStoreError(error, this.path);
    }
  }

  /** On a disk that cannot be written SQLite cannot open the file either. A copy shows no commit, so it lives for a moment. */
  private openCopy(reason: unknown): SqliteStore {
    const database = copyInMemory(this.path, this.options, reason);
    const store = new SqliteStore(new Connection(this.path, database, PATIENCE));
    setTimeout(() => this.end(store), IDLE).unref();
    return store;
  }

  private closeWhenIdle(store: SqliteStore, milliseconds = IDLE): void {
    const look = (): void => {
      const rest = this.lastUse + IDLE - monotonicTime();
      if (rest <= 0) this.end(store);
      else if (this.current === store) this.closeWhenIdle(store, rest);
    };
    setTimeout(look, milliseconds).unref();
  }

  /** It may have been closed, and another opened. */
  private end(store: SqliteStore): void {
    if (this.current === store) this.close();
  }
}

/** Which file it is. */
function identify(path: string): string | undefined {
  const status: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return status === undefined ? undefined : `${status.dev}:${status.ino}`;
}
