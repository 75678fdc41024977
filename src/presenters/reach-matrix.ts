import type { ReachMatrix, Verdict } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { columnsOf, cutColumns, foldLines, padColumns } from "./columns.js";
import type { Look } from "./look.js";

/** Columns of a name at the side. */
const widest = 30;

/**
 * A row for each caller, a column for each that is called, with numbers at the head where names would be too wide. `reasons`
 * lists why each that does not reach another does not, below.
 */
export function matrixText(matrix: ReachMatrix, look: Look, options: { readonly reasons: boolean }): string {
  const { names, verdicts, target } = matrix;
  if (names.length === 0) return "No containers run.\n";
  const numbers = names.map((_, index) => String(index + 1));
  const cell = Math.max(...numbers.map(({ length }) => length)) + 1;
  const labels = names.map(
    (name, index) => `${String(index + 1).padStart(cell)} ${cutColumns(printable(name), widest)}`,
  );
  const side = Math.max(...labels.map(columnsOf));
  const lines = [
    look.paint(
      `${padColumns(target === "ping" ? "a ping of" : `calls of ${target}`, side)} ${numbers.map((number) => number.padStart(cell)).join("")}`,
      "bold",
    ),
    ...labels.map((label, row) => {
      const cells = names.map(
        (_, column) => " ".repeat(cell - 1) + cellOf(verdicts[row]?.[column], row === column, look),
      );
      return `${padColumns(label, side)} ${cells.join("")}`;
    }),
  ];
  const why = options.reasons ? reasonLines(matrix, look) : [];
  return `${lines.join("\n")}\n${why.length === 0 ? "" : `\n${foldLines(why.join("\n"), look.width)}\n`}`;
}

function cellOf(verdict: Verdict | undefined, isSelf: boolean, { paint }: Look): string {
  if (isSelf) return paint("·", "dim");
  if (verdict === undefined || verdict.unknown) return paint("?", "yellow");
  return verdict.reaches ? paint("✔", "green") : paint("✘", "red");
}

function reasonLines({ names, verdicts }: ReachMatrix, { paint }: Look): readonly string[] {
  return verdicts.flatMap((row, from) =>
    row.flatMap(({ reaches, why, hint }, to) => {
      if (reaches) return [];
      const remedy = hint === undefined ? "" : ` ${paint(`(${printable(hint)})`, "dim")}`;
      return [`${paint(printable(`${names[from]} → ${names[to]}`), "bold")}: ${printable(why)}${remedy}`];
    }),
  );
}
