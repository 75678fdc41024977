import { inColours } from "../errors/colours.js";
import { printable } from "../errors/printable.js";
import { columnsOf, padColumns } from "./columns.js";

/** docker's tabwriter settings: a column is at least 10 wide, and 3 spaces stand between it and the next. */
const minimumWidth = 10;
const gap = 3;

/** Lines up the cells of a table in columns under their first line. The last cell of a line is not padded. Ends in a newline. */
export function renderTable(
  table: readonly (readonly string[])[],
  options: { readonly colour?: boolean } = {},
): string {
  const lines = table.map((cells) => cells.map(printable));
  const widths: number[] = [];
  for (const cells of lines) {
    cells.slice(0, -1).forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? minimumWidth, columnsOf(cell) + gap);
    });
  }
  const rendered = lines.map((cells) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : padColumns(cell, widths[column] ?? 0))).join(""),
  );
  const [heading, ...rows] = rendered;
  if (heading === undefined) return "";
  return `${[options.colour ? inColours(heading, "bold") : heading, ...rows].join("\n")}\n`;
}
