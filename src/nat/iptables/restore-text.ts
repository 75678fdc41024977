import type { Family } from "../../api/address-family.js";
import { standingOf } from "../owner-mark.js";
import type { PlacedRule } from "./placed-rule.js";
import { type Table, tables } from "./rule.js";
import { SavedTable, type SavedTables } from "./saved-tables.js";
import { tableSkeleton } from "./skeleton.js";
import { deletion, faultsOf } from "./table-faults.js";

/**
 * Lines for iptables-restore(8) that make `rules`, all of one family, and what they need, in place of what another program
 * made of them; empty if all is there.
 */
export function additionText(family: Family, rules: readonly PlacedRule[], saved: SavedTables): string {
  return restoreText(rules, (table, wanted) => {
    const stored = saved.get(table) ?? new SavedTable();
    const missing = wanted.filter((rule) => !stored.has(rule));
    const altered = missing.flatMap((rule) => stored.ownedLike(rule)).map(({ line }) => deletion(line));
    return [...faultsOf(family, table, stored).lines, ...new Set([...altered, ...missing.map(({ line }) => line)])];
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

/**
 * Lines that erase what `isKept` does not hold back, and every chain of tsd's in tables of which nothing is held back. Chains
 * that intents fill are not emptied but for what was read: where another process has added a rule since, the table's
 * transaction fails.
 */
export function purgeText(family: Family, saved: SavedTables, isKept: (owner: string) => boolean): string {
  const sections = Array.from(saved, ([table, { chains, rules, jumps }]) => {
    const { filled, fixed } = tableSkeleton(family, table);
    const isFixed = (chain: string): boolean => fixed.some(({ name }) => name === chain);
    const others = rules.filter(({ chain, owner }) => !isFixed(chain) && isOwned(owner) && isKept(owner));
    const doomed = rules.filter(({ chain, owner }) => filled.includes(chain) && !(isOwned(owner) && isKept(owner)));
    const own = doomed.map(({ line }) => deletion(line));
    if (others.length > 0) return section(table, own);
    const emptied = [...chains].filter((chain) => !filled.includes(chain));
    return section(table, [
      ...jumps.map(deletion),
      ...emptied.map((chain) => `-F ${chain}`),
      ...own,
      ...Array.from(chains, (chain) => `-X ${chain}`),
    ]);
  });
  return sections.join("");
}

/** Lines that make the chains of all tables that have any what they must be; empty where they are. */
export function repairText(family: Family, saved: SavedTables): string {
  const tables = [...saved].filter(([, { chains }]) => chains.size > 0);
  return tables.map(([table, stored]) => section(table, faultsOf(family, table, stored).lines)).join("");
}

function restoreText(
  rules: readonly PlacedRule[],
  linesOf: (table: Table, rules: readonly PlacedRule[]) => readonly string[],
): string {
  const byTable = Map.groupBy(rules, ({ table }) => table);
  return tables
    .map((table) => section(table, byTable.has(table) ? linesOf(table, byTable.get(table) ?? []) : []))
    .join("");
}

function section(table: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `*${table}\n${lines.join("\n")}\nCOMMIT\n`;
}

function isOwned(owner: string): boolean {
  return standingOf(owner, "") !== "ownerless";
}
