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
  const called = calledOf(matrix);
  const numbers = called.map((_, index) => String(index + 1));
  const cell = Math.max(...numbers.map(({ length }) => length)) + 1;
  const labels = called.map(
    (name, index) => `${String(index + 1).padStart(cell)} ${cutColumns(printable(name), widest)}`,
  );
  const heading = target === "ping" ? "a ping of" : `calls of ${target}`;
  const side = Math.max(...[heading, ...labels].map(columnsOf));
  const lines = [
    look.paint(`${padColumns(heading, side)} ${numbers.map((number) => number.padStart(cell)).join("")}`, "bold"),
    ...labels.map((label, row) => {
      // Those of other hosts call from there.
      if (row >= names.length) return look.paint(label, "dim");
      const cells = called.map(
        (_, column) => " ".repeat(cell - 1) + cellOf(verdicts[row]?.[column], row === column, look),
      );
      return `${padColumns(label, side)} ${cells.join("")}`;
    }),
  ];
  const why = options.reasons ? reasonLines(matrix, look) : [];
  const { others } = matrix;
  if (others !== undefined) lines.push(look.paint(othersWords(others), "dim"));
  return `${lines.join("\n")}\n${why.length === 0 ? "" : `\n${foldLines(why.join("\n"), look.width)}\n`}`;
}

/** `db on host2` for one of another host. */
function calledOf({ names, elsewhere }: ReachMatrix): readonly string[] {
  return [...names, ...elsewhere.map(({ host, name }) => `${name} on ${host}`)];
}

function othersWords({ hosts, endpoints }: NonNullable<ReachMatrix["others"]>): string {
  const where = hosts === 1 ? "another host" : `${hosts} other hosts`;
  return `${endpoints} containers on ${where} are left out: tsd explain CONTAINER NAME`;
}

function cellOf(verdict: Verdict | undefined, isSelf: boolean, { paint }: Look): string {
  if (isSelf) return paint("·", "dim");
  if (verdict === undefined || verdict.unknown) return paint("?", "yellow");
  return verdict.reaches ? paint("✔", "green") : paint("✘", "red");
}

function reasonLines(matrix: ReachMatrix, { paint }: Look): readonly string[] {
  const { names, verdicts } = matrix;
  const called = calledOf(matrix);
  return verdicts.flatMap((row, from) =>
    row.flatMap(({ reaches, why, hint }, to) => {
      if (reaches) return [];
      const remedy = hint === undefined ? "" : ` ${paint(`(${printable(hint)})`, "dim")}`;
      return [`${paint(printable(`${names[from]} → ${called[to]}`), "bold")}: ${printable(why)}${remedy}`];
    }),
  );
}
