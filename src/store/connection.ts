import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { monotonicTime } from "../contracts/clock.js";
import { boundaryOperation } from "../kernel/boundary-operation.js";
import { isBusy, toStoreError } from "./errors.js";
import { isDiskFull, type Reserve } from "./reserve.js";

interface Bracket {
  readonly begin: string;
  readonly commit: string;
  readonly rollback: string;
}

/** IMMEDIATE takes the write lock at the start, since a reader that turns writer can find itself outrun and must fail. */
const outermost: Bracket = { begin: "BEGIN IMMEDIATE", commit: "COMMIT", rollback: "ROLLBACK" };
const rehearsal: Bracket = { ...outermost, commit: "ROLLBACK" };
const nested: Bracket = { begin: "SAVEPOINT nested", commit: "RELEASE nested", rollback: "ROLLBACK TO nested" };

/** How often the patience for a lock begins again while others commit. */
const MAX_ROUNDS = 6;

/** How a connection copes with a disk that cannot be written. */
interface Adversity {
  readonly reserve?: Reserve | undefined;
  /** The database is a copy in memory, for this reason; `reopen` tries to open the file once more, and throws why it cannot. */
  readonly copied?: { readonly reason: unknown; readonly reopen: () => DatabaseSync };
}

/** One open database: statements prepared once, and every failure a TsdError. */
export class Connection {
  private readonly statements = new Map<string, StatementSync>();
  private copied: Adversity["copied"];
  private syncs = true;
  /** In the transaction that is open, where there is one: what it writes takes no room before it commits. */
  private hasRoom = false;
  private isWritten = false;

  constructor(
    readonly path: string,
    private database: DatabaseSync,
    /** Milliseconds to wait for another process. */
    private readonly patience: number,
    private readonly adversity: Adversity = {},
  ) {
    this.copied = adversity.copied;
  }

  /** Why nothing can be written, as far as was tried; undefined where it can. Rows are then read from a copy in memory. */
  get unwritable(): unknown {
    return this.copied?.reason;
  }

  /** The first row of the answer, by column name. `Row` is the caller's word for what the query selects. */
  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.attempt(() => this.prepare(sql).get(...values)) as Row | undefined;
  }

  /** All rows of the answer; `Row` as in {@link Connection.get}. */
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    const rows: unknown = this.attempt(() => this.prepare(sql).all(...values));
    return rows as readonly Row[];
  }

  /** Changes rows, and returns how many. Throws a plain Error outside a transaction, which is a bug of the caller. */
  write(sql: string, ...values: readonly SQLInputValue[]): number {
    if (!this.database.isTransaction) throw new Error("a write to the store needs Store.transaction around it");
    this.isWritten = true;
    return Number(this.attempt(() => this.prepare(sql).run(...values)).changes);
  }

  /** Throws `store` where the disk takes no new row: it cannot be written, or has only the room that is kept for what frees. */
  requireRoom(): void {
    if (this.hasRoom) return;
    if (this.copied !== undefined && !isDiskFull(this.copied.reason)) throw this.copied.reason;
    this.adversity.reserve?.requireRoom(this.path);
    this.hasRoom = this.database.isTransaction;
  }

  /** Runs statements that have no answer, such as a schema. */
  execute(sql: string): void {
    this.attempt(() => this.database.exec(sql));
  }

  /**
   * Runs `work` as the only writer, and commits unless it throws. A nested call is a savepoint: what it wrote is undone if
   * it throws, and otherwise shares the fate of the outer one. Where the disk is full, the reserve is given up and `work`
   * runs once more: what it wrote at first is undone.
   */
  transaction<T>(work: () => T): T {
    return this.durable(true, work);
  }

  /**
   * A transaction that commits before it is on the disk; the write-ahead log stays in order, so that a power cut loses the
   * last of them and nothing before (PRAGMA synchronous). Within a transaction, that one decides.
   */
  unsyncedTransaction<T>(work: () => T): T {
    return this.durable(false, work);
  }

  private durable<T>(syncs: boolean, work: () => T): T {
    if (this.database.isTransaction) return this.bracketed(nested, work);
    return boundaryOperation({ into: "store", what: () => "transaction" }, () => {
      if (this.copied !== undefined) {
        // What makes something new is refused, and what changes nothing is done, before the reserve is given up.
        const before = this.totalChanges();
        const result = this.bracketed(rehearsal, work);
        if (this.totalChanges() === before) return result;
        this.leaveCopy(this.copied);
      }
      this.syncCommits(syncs);
      return this.inReserve(() => this.bracketed(outermost, work));
    });
  }

  /** Whether it has written since it was opened. */
  get hasWritten(): boolean {
    return this.isWritten;
  }

  /** Rows that it has changed since it was opened. */
  totalChanges(): number | undefined {
    return this.get<{ changes: number }>("SELECT total_changes() AS changes")?.changes;
  }

  private leaveCopy({ reopen }: NonNullable<Adversity["copied"]>): void {
    const database = this.inReserve(reopen);
    this.database.close();
    this.statements.clear();
    this.database = database;
    this.copied = undefined;
    this.syncs = true;
  }

  private inReserve<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDiskFull(error) || !this.adversity.reserve?.giveUp()) throw error;
      return work();
    }
  }

  /** True where a transaction could begin at this moment. */
  canBegin(): boolean {
    if (this.copied !== undefined) return false;
    if (this.database.isTransaction) return true;
    try {
      this.database.exec(outermost.begin);
      this.database.exec(outermost.rollback);
      return true;
    } catch {
      return false;
    }
  }

  private bracketed<T>({ begin, commit, rollback }: Bracket, work: () => T): T {
    this.control(begin);
    try {
      const result = work();
      this.control(commit);
      return result;
    } catch (error) {
      // A full disk or an I/O error makes SQLite roll back by itself.
      if (this.database.isTransaction) this.control(rollback);
      throw error;
    } finally {
      this.hasRoom &&= this.database.isTransaction;
    }
  }

  /** Begins or ends a transaction. */
  control(sql: string): void {
    this.attempt(() => this.prepare(sql).run());
  }

  /** Asks SQLite for another mode only where it differs from the last. */
  private syncCommits(syncs: boolean): void {
    if (syncs === this.syncs) return;
    this.execute(`PRAGMA synchronous = ${syncs ? "FULL" : "NORMAL"}`);
    this.syncs = syncs;
  }

  close(): void {
    this.attempt(() => this.database.close());
    this.adversity.reserve?.restore();
  }

  private prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  /**
   * SQLite asks for a lock ever more seldom, so that who waits longest is served last; with a fresh start each is as likely
   * as the other to be next. Where others commit meanwhile, the patience begins again some times: nobody is stuck then, there
   * are only many. Within a transaction the lock is held already.
   */
  private attempt<T>(work: () => T): T {
    let wait: { deadline: number; version: unknown; rounds: number } | undefined;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (this.database.isTransaction || !isBusy(error)) throw toStoreError(error, this.path);
        const now = monotonicTime();
        wait ??= { deadline: now + this.patience, version: this.dataVersion(), rounds: 1 };
        if (now <= wait.deadline) continue;
        const version = this.dataVersion();
        if (version === wait.version || wait.rounds === MAX_ROUNDS) throw toStoreError(error, this.path);
        wait = { deadline: now + this.patience, version, rounds: wait.rounds + 1 };
      }
    }
  }

  /** Another one after each commit of another connection (PRAGMA data_version); undefined while it cannot be read. */
  private dataVersion(): unknown {
    try {
      return this.database.prepare("PRAGMA data_version").get()?.data_version;
    } catch {
      return undefined;
    }
  }
}
