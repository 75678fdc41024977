import { type ContainerOutline, outlineOf } from "../contracts/container-outline.js";
import type { ContainerRow, ContainerTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import type { PlaceTable } from "./place-table.js";
import { RowTable } from "./row-table.js";

interface StoredOutline {
  readonly outline: string | null;
  readonly value: string | null;
}

/** In the words of the partial indices, without which SQLite would not use them. */
const ACTIVE = "status IN ('starting', 'running', 'restarting', 'stopping')";

/** A row that an older tsd wrote last has no outline until it is written again. */
const outlines = "SELECT outline, CASE WHEN outline IS NULL THEN value END AS value FROM containers";

/** Containers, found by name, by whether they run, and by what they share. */
export class SqliteContainerTable extends RowTable<ContainerRow> implements ContainerTable {
  constructor(connection: Connection, places: PlaceTable) {
    super(connection, places, {
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
        health: ({ container }) => container.health?.status,
        outline: (row) => JSON.stringify(outlineOf(row)),
        asks: asksOf,
        volumes: volumesOf,
      },
    });
  }

  active(): readonly ContainerRow[] {
    return this.select(`WHERE ${ACTIVE}`);
  }

  activeOutlines(): readonly ContainerOutline[] {
    return this.outlines(`WHERE ${ACTIVE} ORDER BY seq`);
  }

  outline(id: string): ContainerOutline | undefined {
    return this.outlines("WHERE id = ?", id)[0];
  }

  inSandbox(sandboxId: string): readonly ContainerRow[] {
    return this.select(`WHERE value ->> '$.container.sandbox.id' = ? AND ${ACTIVE}`, sandboxId);
  }

  inSandboxMadeBy(id: string): readonly ContainerRow[] {
    return this.select(`WHERE value ->> '$.container.sandbox.maker' = ? AND ${ACTIVE}`, id);
  }

  askingOf(network: string): readonly ContainerRow[] {
    const asking = "SELECT 1 FROM json_each(asks) WHERE json_each.value = ?";
    return this.select(`WHERE asks IS NOT NULL AND EXISTS (${asking})`, network);
  }

  withVolumes(): readonly ContainerRow[] {
    return this.select("WHERE volumes IS NOT NULL");
  }

  private outlines(where: string, ...values: readonly string[]): readonly ContainerOutline[] {
    return this.connection.all<StoredOutline>(`${outlines} ${where}`, ...values).map(({ outline, value }) => {
      if (value !== null) return outlineOf(this.parse({ value }));
      return this.parse<ContainerOutline>({ value: outline ?? "" });
    });
  }

  namespacesWithResolver(): readonly string[] {
    // An endpoint has the path in a column, where a container has it within its value.
    const sql = `SELECT DISTINCT netns FROM containers JOIN endpoints ON container_id = containers.id
      WHERE ${ACTIVE} AND status <> 'stopping' AND outline ->> '$.hasResolver' ORDER BY containers.seq`;
    return this.connection.all<{ netns: string }>(sql).map(({ netns }) => netns);
  }
}

/** The words for networks of which a container asks a particular address; undefined for most containers. */
function asksOf({ container: { spec } }: ContainerRow): string | undefined {
  const asking = (spec.networks ?? []).filter(
    ({ address, address6 }) => address !== undefined || address6 !== undefined,
  );
  return asking.length === 0 ? undefined : JSON.stringify(asking.map(({ network }) => network));
}

/** Names of the volumes that a container mounts; undefined for most containers. */
function volumesOf({ requests }: ContainerRow): string | undefined {
  const names = (requests?.mounts ?? []).flatMap(({ type, source }) => (type === "volume" ? (source ?? []) : []));
  return names.length === 0 ? undefined : JSON.stringify(names);
}
