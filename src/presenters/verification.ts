import { printable } from "../errors/printable.js";

/** One result, as the conformance kit yields it. */
export interface VerifiedCase {
  readonly subject: string;
  readonly chapter: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "not run";
  readonly why?: string;
}

const marks = { passed: "✓", failed: "✗", "not run": "–" } as const;

/** The lines for one result, under a heading wherever the subject or the chapter is another than before. */
export function caseLines(result: VerifiedCase, before: VerifiedCase | undefined): string {
  const { subject, chapter, name, outcome, why } = result;
  const isNew = subject !== before?.subject;
  const heading = isNew ? `${before === undefined ? "" : "\n"}The ${printable(subject)}\n` : "";
  const title = isNew || chapter !== before?.chapter ? `\n  ${printable(chapter)}\n` : "";
  const reason = why === undefined ? "" : `      ${printable(why)}\n`;
  return `${heading}${title}    ${marks[outcome]} ${printable(name)}\n${reason}`;
}

/** The last line of the report. */
export function verificationSummary(results: readonly VerifiedCase[]): string {
  const count = (outcome: VerifiedCase["outcome"]): number =>
    results.filter((result) => result.outcome === outcome).length;
  const [passed, failed, notRun] = [count("passed"), count("failed"), count("not run")];
  const others = notRun === 0 ? "" : `, ${notRun} could not run here`;
  return `\n${passed} of ${results.length} passed, ${failed} failed${others}.\n`;
}
