import type { Finding, ForwardDrop } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { foldLines } from "./columns.js";
import { type Look, mark, plain } from "./look.js";

/** Two lines for each; a sentence where nothing was found that does harm. */
export function findingLines(findings: readonly Finding[], look: Look = plain): string {
  const { paint, width } = look;
  const lines = findings.map(({ problem, remedy, harmless }) => {
    const what = harmless ? `${mark(look, undefined)}${paint("Note:", "yellow")} ` : mark(look, false);
    return `${what}${printable(problem)}\n  ${paint(printable(remedy), "dim")}\n`;
  });
  const end = findings.every(({ harmless }) => harmless) ? [`${mark(look, true)}Nothing is in the way.\n`] : [];
  return foldLines([...lines, ...end].join(""), width);
}

/** A line for each chain that is open now; a sentence for none. */
export function fixedLines(opened: readonly ForwardDrop[], look: Look = plain): string {
  if (opened.length === 0) return `${mark(look, true)}There is nothing to fix.\n`;
  const lines = opened.map(
    ({ words }) => `${mark(look, true)}${printable(`${words}: accepts what containers send and get`)}\n`,
  );
  return foldLines(lines.join(""), look.width);
}
