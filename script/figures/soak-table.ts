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

/** What test/faults/kill.test.ts writes down of a command. */
export interface KillFigures {
  readonly name: string;
  /** At its steps. */
  readonly kills: number;
  /** At moments by the clock. */
  readonly moments: number;
}

export function killTable(commands: readonly KillFigures[]): string {
  const sum = (of: (figures: KillFigures) => number): number => commands.reduce((total, each) => total + of(each), 0);
  const rows = commands.map(({ name, kills, moments }) => [name, kills, moments]);
  const total = ["**all**", sum(({ kills }) => kills), sum(({ moments }) => moments)];
  return table(["command", "killed at its steps", "killed by the clock"], [...rows, total]);
}

/** Lines `TARGET<tab>CASES`. */
export function fuzzTable(report: string): string {
  const rows = report
    .trim()
    .split("\n")
    .map((line) => line.split("\t"))
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))
    .map(([target = "", cases]) => [target, Number(cases)] as const);
  const total = rows.reduce((sum, [, cases]) => sum + cases, 0);
  return table(["target", "cases"], [...rows, ["**all**", total]]);
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
  return `${cells(head)}|---|${"---:|".repeat(head.length - 1)}\n${rows.map(cells).join("")}`;
}

function format(cell: string | number): string {
  return typeof cell === "number" ? cell.toLocaleString("en") : cell;
}
