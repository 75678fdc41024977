import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { crossing } from "../kernel/crossing.js";
import { isBusy, toStoreError } from "./errors.js";

interface Bracket {
  readonly begin: string;
  readonly commit: string;
  readonly rollback: string;
}

/** IMMEDIATE takes the write lock at the start, since a reader that turns writer can find itself outrun and must fail. */
const outermost: Bracket = { begin: "BEGIN IMMEDIATE", commit: "COMMIT", rollback: "ROLLBACK" };
const nested: Bracket = { begin: "SAVEPOINT nested", commit: "RELEASE nested", rollback: "ROLLBACK TO nested" };

/** One open database: statements prepared once, and every failure a TsdError. */
export class Connection {
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    readonly path: string,
    private readonly database: DatabaseSync,
    /** Milliseconds to wait for another process. */
    private readonly patience: number,
  ) {}

  /** The first row of the answer, by column name. `Row` is the caller's word for what the query selects. */
  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.attempt(() => this.prepare(sql).get(...values)) as Row | undefined;
  }

  /** All rows of the answer; `Row` as in {@link Connection.get}. */
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    const rows: unknown = this.attempt(() => this.prepare(sql).all(...values));
    return rows as readonly Row[];
  }

  /** Changes rows, and answers how many. Throws a plain Error outside a transaction, which is a bug of the caller. */
  write(sql: string, ...values: readonly SQLInputValue[]): number {
    if (!this.database.isTransaction) throw new Error("a write to the store needs Store.transaction around it");
    return Number(this.attempt(() => this.prepare(sql).run(...values)).changes);
  }

  /** Runs statements that have no answer, such as a schema. */
  execute(sql: string): void {
    this.attempt(() => this.database.exec(sql));
  }

  /**
   * Runs `work` as the only writer, and commits unless it throws. A nested call is a savepoint: what it wrote is undone if
   * it throws, and otherwise shares the fate of the outer one.
   */
  transaction<T>(work: () => T): T {
    if (this.database.isTransaction) return this.bracketed(nested, work);
    return crossing({ into: "store", what: () => "transaction" }, () => this.bracketed(outermost, work));
  }

  /** True where a transaction could begin at this moment. */
  canBegin(): boolean {
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
    this.execute(begin);
    try {
      const result = work();
      this.execute(commit);
      return result;
    } catch (error) {
      // A full disk or an I/O error makes SQLite roll back by itself.
      if (this.database.isTransaction) this.execute(rollback);
      throw error;
    }
  }

  /**
   * Lets commits of `work` return before they are on the disk; the write-ahead log stays in order, so that a power cut
   * loses the last of them and nothing before (PRAGMA synchronous). Within a transaction, that one decides.
   */
  withoutSync<T>(work: () => T): T {
    if (this.database.isTransaction) return work();
    this.execute("PRAGMA synchronous = NORMAL");
    try {
      return work();
    } finally {
      this.execute("PRAGMA synchronous = FULL");
    }
  }

  close(): void {
    this.attempt(() => this.database.close());
  }

  private prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  /**
   * SQLite asks for a lock ever more seldom, so that who waits longest is served last; trying anew, each is as likely as
   * the other to be next. Within a transaction the lock is held already.
   */
  private attempt<T>(work: () => T): T {
    let deadline: number | undefined;
    for (;;) {
      try {
        return work();
      } catch (error) {
        // Not before, since Node.js takes 1 ms to make its clock.
        deadline ??= performance.now() + this.patience;
        const isVain = this.database.isTransaction || performance.now() > deadline;
        if (isVain || !isBusy(error)) throw toStoreError(error, this.path);
      }
    }
  }
}
