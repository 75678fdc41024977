import type { Finding, ForwardDrop } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** Two lines for each; a sentence where nothing was found that does harm. */
export function findingLines(findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ problem, remedy, harmless }) => `${harmless ? "Note: " : ""}${printable(problem)}\n  ${printable(remedy)}\n`,
  );
  return [...lines, ...(findings.every(({ harmless }) => harmless) ? ["Nothing is in the way.\n"] : [])].join("");
}

/** A line for each chain that is open now; a sentence for none. */
export function fixedLines(opened: readonly ForwardDrop[]): string {
  if (opened.length === 0) return "There is nothing to fix.\n";
  return opened.map(({ words }) => `${printable(`${words}: accepts what containers send and get`)}\n`).join("");
}
