import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How a table's rows differ from each other, in SQL; `copy` is the number of a copy. */
const ID = "printf('%064x', copy)";
const NAME = "'copy-' || copy";

const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  networks: {
    seq: "NULL",
    id: ID,
    name: NAME,
    value: `json_set(value, '$.id', ${ID}, '$.network.id', ${ID}, '$.network.name', ${NAME}, '$.resources', json('[]'))`,
  },
  containers: {
    seq: "NULL",
    id: ID,
    name: NAME,
    value: `json_set(value, '$.id', ${ID}, '$.container.id', ${ID}, '$.container.name', ${NAME}, '$.resources', json('[]'))`,
    outline: `json_set(outline, '$.id', ${ID}, '$.container.id', ${ID}, '$.container.name', ${NAME})`,
  },
};

/**
 * Copies the first network and the first container of a state until there are `count` of each. Only what reads rows is true of
 * such a state: nothing of the copies exists on the host.
 */
export function copyRows(root: string, count: number): void {
  const database = new DatabaseSync(join(root, "state.db"));
  for (const [table, different] of Object.entries(differences)) {
    const columns = database.prepare("SELECT name FROM pragma_table_info(?)").all(table);
    const names = columns.map(({ name }) => String(name));
    database.exec(`
      WITH RECURSIVE copies(copy) AS (SELECT 2 UNION ALL SELECT copy + 1 FROM copies WHERE copy < ${count})
      INSERT INTO ${table} (${names.join(", ")})
        SELECT ${names.map((name) => different[name] ?? name).join(", ")}
        FROM (SELECT * FROM ${table} ORDER BY seq LIMIT 1), copies WHERE copy <= ${count}`);
  }
  database.close();
}
