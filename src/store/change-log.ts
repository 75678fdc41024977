import type { Change } from "../api/index.js";
import type { ChangeLog } from "../contracts/index.js";
import type { Connection } from "./connection.js";

interface StoredChange extends Omit<Change, "name"> {
  readonly name: string | null;
}

/** What triggers of the schema wrote down; its length is bounded there. */
export class SqliteChangeLog implements ChangeLog {
  constructor(private readonly connection: Connection) {}

  newest(): number {
    return this.connection.get<{ newest: number | null }>("SELECT max(id) AS newest FROM changes")?.newest ?? 0;
  }

  after(number: number): readonly Change[] {
    const sql = `SELECT changes.id AS number, time, kind, row_id AS id, name, what
      FROM changes WHERE changes.id > ? ORDER BY changes.id`;
    return this.connection.all<StoredChange>(sql, number).map(({ name, ...change }) => ({
      ...change,
      ...(name === null ? {} : { name }),
    }));
  }
}
