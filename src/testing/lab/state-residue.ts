import { globSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Where a tsd keeps its state: the values of `TSD_ROOT` and `TSD_RUN`. */
export interface StateDirectories {
  readonly root: string;
  readonly runDirectory: string;
}

/** Columns that are long, or say how far a pool was ever used, or when a record of the cluster was written. */
const beside: readonly string[] = [
  ...["value", "outline", "configuration", "seq", "next"],
  ...["created", "modified", "lease"],
];

/** Tables that grow by design: what happened, to the host and in its cluster, and which versions made the schema. */
const histories: readonly string[] = ["changes", "history", "revisions", "schema_history"];

/** Files of /run that iptables and mount(8) make at their first use and never remove, and the store's own files. */
const expected = /^file (\/run\/(xtables\.lock|mount\/.*)|.*\.db(-wal|-shm)?)$/;

/** Rows of the host's store, and files of its state and of /run. */
export function stateResidue(host: StateDirectories): readonly string[] {
  const databases = globSync(`${host.root}/*.db`);
  return [
    ...databases.flatMap(rows),
    ...[host.root, host.runDirectory, "/run"].flatMap(files).filter((line) => !expected.test(line)),
  ];
}

function files(directory: string): readonly string[] {
  return globSync("**", { cwd: directory, exclude: (name) => name === "diff" })
    .filter((name) => name !== "" && name !== ".")
    .map((name) => `file ${directory}/${name}${isDirectory(`${directory}/${name}`) ? "/" : ""}`);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function rows(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    return tables
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !histories.includes(name))
      .flatMap((table) =>
        database
          .prepare(`SELECT * FROM "${table}"`)
          .all()
          .filter((row) => !isPassing(table, row))
          .map((row) => `row ${table} ${describe(row)}`),
      );
  } finally {
    database.close();
  }
}

/** An address that was given back; and what the host's agent writes and removes in its own time: that it runs, and endpoints. */
function isPassing(table: string, row: Readonly<Record<string, unknown>>): boolean {
  if (table === "leases") return row.holder === null || "ends" in row;
  return table === "records" && /\/(alive|endpoints)\//.test(String(row.key));
}

/**
 * The columns that distinguish a row from its neighbours; not those that are long, nor how far a pool was ever used, which like the
 * addresses given back is history.
 */
function describe(row: Readonly<Record<string, unknown>>): string {
  return Object.entries(row)
    .filter(([column]) => !beside.includes(column))
    .map(([column, value]) => `${column}=${value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value}`)
    .join(" ");
}
