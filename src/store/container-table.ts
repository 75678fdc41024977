import type { Resource } from "../api/index.js";
import type { ContainerRow, ContainerTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import { RowTable } from "./row-table.js";

/** Containers, found by name and by whether they run. */
export class SqliteContainerTable extends RowTable<ContainerRow> implements ContainerTable {
  constructor(connection: Connection) {
    super(connection, {
      table: "containers",
      noun: {
        word: "container",
        listedBy: "tsd ps -a",
        codes: {
          absent: "TSD_CONTAINER_NOT_FOUND",
          ambiguous: "TSD_CONTAINER_AMBIGUOUS",
          duplicate: "TSD_CONTAINER_DUPLICATE",
        },
      },
      columns: {
        name: ({ container }) => container.name,
        status: ({ container }) => container.status,
      },
    });
  }

  active(): readonly ContainerRow[] {
    // In the words of the partial index, without which SQLite would not use it.
    return this.select("WHERE status IN ('starting', 'running', 'stopping')");
  }

  namespacesWith(kind: Resource["kind"]): readonly string[] {
    // An endpoint has the path in a column, where a container has it within its value.
    const sql = `SELECT DISTINCT netns FROM containers JOIN endpoints ON container_id = containers.id
      WHERE status IN ('starting', 'running', 'stopping') AND status <> 'stopping' AND containers.kinds LIKE ?
      ORDER BY containers.seq`;
    return this.connection.all<{ netns: string }>(sql, `% ${kind} %`).map(({ netns }) => netns);
  }
}
