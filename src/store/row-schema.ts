/** What tables of rows have in common: whose changes are logged, and by which name. */

export const NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

export interface RowTableSchema {
  readonly table: string;
  readonly kind: string;
  /** Columns beside those that every row has. */
  readonly columns: string;
  /** SQL for what a person calls the row. */
  readonly name: (row: string) => string;
  /** Columns whose change is an event, the more telling one first. */
  readonly watched: readonly string[];
}

export function logEntry({ kind, name }: RowTableSchema, row: string, what: string): string {
  return `INSERT INTO changes (time, kind, row_id, name, what) VALUES (${NOW}, '${kind}', ${row}.id, ${name(row)}, ${what});`;
}

/** Logs the first of `watched` that has changed. */
export function updateTrigger(schema: RowTableSchema, watched: readonly string[]): string {
  const { table } = schema;
  const changed = watched.map((column) => `old.${column} <> new.${column}`);
  const what = `CASE ${watched.map((column, at) => `WHEN ${changed[at]} THEN new.${column}`).join(" ")} END`;
  return `CREATE TRIGGER ${table}_updated AFTER UPDATE ON ${table} WHEN ${changed.join(" OR ")}
    BEGIN ${logEntry(schema, "new", what)} END;`;
}
