import type { Change } from "../api/index.js";
import type { ChangeLog, NotedEvent } from "../contracts/index.js";
import type { Connection } from "./connection.js";

interface StoredChange extends Omit<Change, "name" | "action" | "attributes"> {
  readonly name: string | null;
  readonly action: string | null;
  readonly attributes: string | null;
}

/** What triggers of the schema wrote down, and what was noted; its length is bounded there. */
export class SqliteChangeLog implements ChangeLog {
  constructor(private readonly connection: Connection) {}

  newest(): number {
    return this.connection.get<{ newest: number | null }>("SELECT max(id) AS newest FROM changes")?.newest ?? 0;
  }

  after(number: number): readonly Change[] {
    const sql = `SELECT changes.id AS number, time, kind, row_id AS id, name, what, action, attributes
      FROM changes WHERE changes.id > ? ORDER BY changes.id`;
    return this.connection.all<StoredChange>(sql, number).map(({ name, action, attributes, ...change }) => ({
      ...change,
      ...(name === null ? {} : { name }),
      ...(action === null ? {} : { action }),
      ...(attributes === null ? {} : { attributes: JSON.parse(attributes) }),
    }));
  }

  note({ kind, id, name, action, attributes = {} }: NotedEvent): void {
    const sql = `INSERT INTO changes (time, kind, row_id, name, what, action, attributes)
      VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?1, ?2, ?3, ?4, ?4, ?5)`;
    this.connection.write(sql, kind, id, name ?? null, action, JSON.stringify(attributes));
  }

  exitCode(containerId: string): number | undefined {
    const sql = `SELECT attributes ->> '$.exitCode' AS code FROM changes
      WHERE row_id = ? AND action = 'die' ORDER BY id DESC LIMIT 1`;
    const found = this.connection.get<{ code: string }>(sql, containerId);
    return found === undefined ? undefined : Number(found.code);
  }
}
