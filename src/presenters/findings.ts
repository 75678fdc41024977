import type { Finding } from "../api/index.js";

/** Two lines for each; a sentence where nothing was found. */
export function findingLines(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing is in the way.\n";
  return findings.map(({ problem, remedy }) => `${problem}\n  ${remedy}\n`).join("");
}
