import type { Remedy, Verdict } from "../../api/index.js";

/** What would change a verdict: a sentence for people, and the commands of tsd's among it. */
export type Advice = Pick<Verdict, "hint" | "remedies">;

/** One of these would do; the first is the least change. */
export function oneOf(first: Remedy, ...others: readonly Remedy[]): Advice {
  const lower = ({ what, ...remedy }: Remedy): Remedy => ({
    ...remedy,
    what: what.charAt(0).toLowerCase() + what.slice(1),
  });
  const words = [first, ...others.map(lower)].map(({ what, command }) => `${what}: tsd ${command.join(" ")}`);
  return { hint: words.join("; or "), remedies: [first, ...others] };
}

/** What tsd itself cannot do. */
export function inWords(hint: string): Advice {
  return { hint };
}
