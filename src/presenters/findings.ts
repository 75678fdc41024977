import type { Finding } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** Two lines for each; a sentence where nothing was found that does harm. */
export function findingLines(findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ problem, remedy, harmless }) => `${harmless ? "Note: " : ""}${printable(problem)}\n  ${printable(remedy)}\n`,
  );
  return [...lines, ...(findings.every(({ harmless }) => harmless) ? ["Nothing is in the way.\n"] : [])].join("");
}
