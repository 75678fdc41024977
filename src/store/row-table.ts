import type { Resource } from "../api/index.js";
import type { NetworkRow, Table } from "../contracts/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Connection } from "./connection.js";
import { damagedStore } from "./errors.js";
import type { PlaceTable } from "./place-table.js";
import { type Noun, notFound, resolvePrefix } from "./resolve-ref.js";

/** What rows of every kind have. */
export type StoredRow = Pick<NetworkRow, "id" | "state" | "owner" | "resources" | "leaving">;

export interface RowTableOptions<T> {
  /** Name of the SQL table. */
  readonly table: string;
  /** With the code of the error for a second row of a name. */
  readonly noun: Noun & { readonly codes: { readonly duplicate: string } };
  /** The table's own columns and their values; one called `name` makes rows resolvable by it. */
  readonly columns: Readonly<Record<string, (row: T) => string | undefined>>;
}

interface Stored {
  readonly value: string;
}

/** Rows of one kind, kept as JSON, with columns for what queries look for. */
export class RowTable<T extends StoredRow> implements Table<T> {
  private readonly columns: readonly string[];

  constructor(
    protected readonly connection: Connection,
    private readonly places: PlaceTable,
    private readonly options: RowTableOptions<T>,
  ) {
    this.columns = ["id", "state", "value", ...Object.keys(options.columns)];
  }

  /** Throws `conflict` where the id or the name is in use, `store` where the disk has no room for anything new. */
  insert(row: T): void {
    this.connection.requireRoom();
    const places = this.columns.map(() => "?").join(", ");
    const sql = `INSERT INTO ${this.options.table} (${this.columns.join(", ")}) VALUES (${places}) ON CONFLICT DO NOTHING`;
    if (this.connection.write(sql, ...this.values(row)) === 0) throw this.duplicate(row);
    this.places.keep(row.id, held(row));
  }

  get(id: string): T | undefined {
    return this.select("WHERE id = ?", id)[0];
  }

  named(name: string): T | undefined {
    return "name" in this.options.columns ? this.select("WHERE name = ?", name)[0] : undefined;
  }

  resolve(ref: string): T {
    const exact = this.named(ref) ?? this.get(ref);
    if (exact !== undefined) return exact;
    const { table, noun } = this.options;
    const [row] = this.select("WHERE id = ?", resolvePrefix(this.connection, table, noun, ref));
    if (row === undefined) throw notFound(noun, ref);
    return row;
  }

  list(): readonly T[] {
    return this.select("");
  }

  unfinished(): readonly T[] {
    // In the words of the partial index, without which SQLite would not use it.
    return this.select("WHERE state IN ('creating', 'changing', 'deleting')");
  }

  /** Throws `not-found` for a row that is gone: another process has removed it. */
  update(row: T): void {
    const { table, noun } = this.options;
    const before = this.connection.get<Record<string, string | null>>(`SELECT * FROM ${table} WHERE id = ?`, row.id);
    if (before === undefined) throw notFound(noun, row.id);
    const values = this.values(row);
    // SQLite writes each index of a column that is assigned, whether or not the value differs.
    const changed = this.columns.flatMap((column, at) => (before[column] === values[at] ? [] : [at]));
    if (changed.length === 0) return;
    const assignments = changed.map((at) => `${this.columns[at]} = ?`).join(", ");
    const assigned = changed.map((at) => values[at] ?? null);
    this.connection.write(`UPDATE ${table} SET ${assignments} WHERE id = ?`, ...assigned, row.id);
    this.places.keep(row.id, held(row));
  }

  /** A row that is gone already counts as deleted. */
  delete(id: string): void {
    this.connection.write(`DELETE FROM ${this.options.table} WHERE id = ?`, id);
  }

  /** The rows that an SQL WHERE clause lets through, oldest first. */
  protected select(where: string, ...values: readonly string[]): readonly T[] {
    const sql = `SELECT value FROM ${this.options.table} ${where} ORDER BY seq`;
    return this.connection.all<Stored>(sql, ...values).map((stored) => this.parse(stored));
  }

  protected parse<Parsed = T>({ value }: Stored): Parsed {
    try {
      return JSON.parse(value);
    } catch (error) {
      throw damagedStore(this.connection.path, `a ${this.options.noun.word} in it cannot be read`, error);
    }
  }

  private values(row: T): readonly (string | null)[] {
    const own = Object.values(this.options.columns).map((read) => read(row) ?? null);
    return [row.id, row.state, JSON.stringify(row), ...own];
  }

  private duplicate(row: T): TsdError {
    const { noun, columns } = this.options;
    const name = columns.name?.(row) ?? row.id;
    return new TsdError({
      kind: "conflict",
      code: noun.codes.duplicate,
      message: `${noun.word} "${name}" exists already`,
      hint: `Choose another name; ${noun.listedBy} shows which are in use.`,
      details: { name, id: row.id },
    });
  }
}

/** What a row has, and what it is about to give back. */
function held({ resources, leaving = [] }: StoredRow): readonly Resource[] {
  return [...resources, ...leaving];
}
