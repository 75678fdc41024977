/** What test/cli/many.test.ts writes down of a run. */
export interface ManyFigures {
  readonly seed: number;
  readonly processes: number;
  readonly rounds: number;
  readonly commands: number;
  readonly done: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failed: readonly string[];
  readonly residue: number;
}

/** What test/unit/engine/interleaved.test.ts writes down of a run. */
export interface InterleavedFigures {
  readonly histories: number;
  readonly commands: number;
}

/** Markdown tables of a run. */
export function soakTable(many: ManyFigures, interleaved: InterleavedFigures): string {
  const refused = Object.entries(many.refused).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = refused.reduce((sum, [, count]) => sum + count, 0);
  return table(
    ["figure", "value"],
    [
      ["processes at once", many.processes],
      ["rounds, each closed by a comparison of model, store and kernel", many.rounds],
      ["commands", many.commands],
      ["… done", many.done],
      ["… refused for a reason of the user's (below)", total],
      ["… that ended in any other way", many.failed.length],
      ["residue after all was removed", many.residue],
      ["interleaved histories on a kernel of memory", interleaved.histories],
      ["… commands in them", interleaved.commands],
    ],
  ).concat("\n", table(["refusal", "times"], refused));
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (row: readonly (string | number)[]): string => `| ${row.map(format).join(" | ")} |\n`;
  return `${cells(head)}|---|---:|\n${rows.map(cells).join("")}`;
}

function format(cell: string | number): string {
  return typeof cell === "number" ? cell.toLocaleString("en") : cell;
}
