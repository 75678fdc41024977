import type { PlacedRule } from "./intent-rules.js";
import type { Family, Table } from "./rule.js";
import { jumpTarget } from "./rule-line.js";
import { SavedTable, type SavedTables } from "./saved-tables.js";
import { tableSkeleton } from "./skeleton.js";

/** What closes a gap before what opens a way. */
const order: readonly Table[] = ["raw", "filter", "nat"];

/** Lines for iptables-restore(8) that make `rules`, all of one family, and what they need; empty if all is there. */
export function additionText(family: Family, rules: readonly PlacedRule[], saved: SavedTables): string {
  return restoreText(rules, (table, wanted) => {
    const stored = saved.get(table) ?? new SavedTable();
    const missing = wanted.filter((rule) => !stored.has(rule)).map(({ line }) => line);
    return [...repairLines(family, table, stored), ...new Set(missing)];
  });
}

/** Lines that take away those of `rules` that are there and of the same owner, as they are stored. */
export function removalText(rules: readonly PlacedRule[], saved: SavedTables): string {
  return restoreText(rules, (table, unwanted) => {
    const doomed = unwanted.flatMap((rule) => saved.get(table)?.ownedLike(rule) ?? []);
    return [...new Set(doomed)].map(({ line }) => deletion(line));
  });
}

/** Lines that take away exactly `rules`, all of which are there. */
export function deletionText(rules: readonly PlacedRule[]): string {
  return restoreText(rules, (_table, doomed) => doomed.map(({ line }) => deletion(line)));
}

/** Lines that erase every chain of tsd's and what leads there. */
export function purgeText(saved: SavedTables): string {
  const sections = Array.from(saved, ([table, { chains, jumps }]) =>
    section(table, [
      ...jumps.map(deletion),
      ...Array.from(chains, (chain) => `-F ${chain}`),
      ...Array.from(chains, (chain) => `-X ${chain}`),
    ]),
  );
  return sections.join("");
}

/**
 * What a table lacks of its skeleton. A chain that exists makes `-N` fail, and with it the table's transaction: of two
 * processes that both found nothing, one starts again. A line with a colon makes a chain, or empties it.
 */
export function repairLines(family: Family, table: Table, stored: SavedTable): readonly string[] {
  const { filled, fixed, jumps } = tableSkeleton(family, table);
  const linesOf = Map.groupBy(stored.rules, ({ chain }) => chain);
  const broken = fixed.filter(({ name, rules }) => {
    const lines = linesOf.get(name)?.map(({ line }) => line) ?? [];
    return !stored.chains.has(name) || lines.join("\n") !== rules.join("\n");
  });
  const present = new Set(stored.jumps.map((line) => `${line.split(" ")[1]} ${jumpTarget(line)}`));
  return [
    ...filled.filter((chain) => !stored.chains.has(chain)).map((chain) => `-N ${chain}`),
    ...broken.map(({ name }) => `:${name} - [0:0]`),
    ...broken.flatMap(({ rules }) => rules),
    // First in their chains, or a rule that accepts would come before one that drops.
    ...Object.entries(jumps)
      .filter(([from, to]) => !present.has(`${from} ${to}`))
      .map(([from, to]) => `-I ${from} -m comment --comment tsd -j ${to}`),
  ];
}

function restoreText(
  rules: readonly PlacedRule[],
  linesOf: (table: Table, rules: readonly PlacedRule[]) => readonly string[],
): string {
  const byTable = Map.groupBy(rules, ({ table }) => table);
  return order
    .map((table) => section(table, byTable.has(table) ? linesOf(table, byTable.get(table) ?? []) : []))
    .join("");
}

function section(table: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `*${table}\n${lines.join("\n")}\nCOMMIT\n`;
}

function deletion(line: string): string {
  return line.replace(/^-A/, "-D");
}
