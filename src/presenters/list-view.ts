import { printable } from "../errors/printable.js";
import { renderTable } from "./table.js";
import { parseFormat } from "./template/format-template.js";

/** One line of a list: what a template may name, as text. */
export type ListRow<Field extends string = string> = Readonly<Record<Field, string>> & {
  /** docker's `{{.Label "tier"}}`, of what has labels. */
  readonly Label?: (name: unknown) => string;
};

/** How a kind of thing is listed. */
export interface ListView<Field extends string> {
  /** Column headings of all fields. */
  readonly headings: Readonly<Record<Field, string>>;
  /** Fields of the default table, in order. */
  readonly columns: readonly Field[];
  /** The field that `--quiet` prints alone. */
  readonly quiet: Field;
}

export interface ListOptions {
  readonly quiet?: boolean;
  /** A template; `table TEMPLATE` puts headings above it; `table` and `json` alone are docker's short forms. */
  readonly format?: string | undefined;
  readonly colour?: boolean;
}

/** Text of a list: a table, ids alone, or a template per row. Throws `invalid-input` for a bad template. */
export function renderList<Field extends string>(
  rows: readonly ListRow<Field>[],
  view: ListView<Field>,
  options: ListOptions,
): string {
  const { format = "table", quiet, colour = false } = options;
  if (quiet) return lines([...new Set(rows.map((row) => printable(row[view.quiet])))]);
  if (format === "table") {
    const cells = rows.map((row) => view.columns.map((field) => row[field]));
    return renderTable([view.columns.map((field) => view.headings[field]), ...cells], { colour });
  }
  if (!format.startsWith("table ")) {
    const template = parseFormat(format === "json" ? "{{json .}}" : format);
    return lines(rows.map((row) => template.render(row)));
  }
  const template = parseFormat(format.slice("table ".length));
  const table = [template.renderHeadings(view.headings), ...rows.map((row) => template.render(row))];
  return renderTable(
    table.map((line) => line.split("\t")),
    { colour },
  );
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
