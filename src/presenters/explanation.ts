import type { Drift, Explanation, Hop, Verdict } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { resourceWords } from "./resource-words.js";

/** Who knows the name that is called, a numbered line for each hop, then the verdict, what would change it, and what may yet. */
export function explanationText({ named, hops, verdict, cautions }: Explanation): string {
  return [
    ...(named === undefined ? [] : [`name: ${named}`]),
    ...hops.flatMap((hop, index) => hopLines(hop, index + 1)),
    `verdict: ${verdictWords(verdict)}`,
    ...(verdict.hint === undefined ? [] : [`hint: ${verdict.hint}`]),
    ...cautions.map((caution) => `caution: ${caution}`),
    "",
  ]
    .map(printable)
    .join("\n");
}

function hopLines({ place, what, by, drifts = [], amiss }: Hop, number: number): readonly string[] {
  const indent = " ".repeat(String(number).length + 2);
  return [
    `${number}. ${place}: ${what}`,
    ...(by === undefined ? [] : [`${indent}by ${by}`]),
    ...drifts.map((drift) => `${indent}but ${driftWords(drift)}`),
    ...(amiss === undefined ? [] : [`${indent}but ${amiss}`]),
  ];
}

function driftWords({ resource, problem, found }: Drift): string {
  const what = resourceWords(resource);
  if (problem === "unchecked") return `${what} cannot be checked: ${found}`;
  return problem === "missing"
    ? `the kernel lacks it (${what}): tsd reload repairs it`
    : `the kernel has it different (${what}: ${found ?? "unknown"}): tsd reload repairs it`;
}

function verdictWords({ reaches, unknown, server, at, seenAs, why }: Verdict): string {
  if (unknown) return `not known, since ${why}`;
  if (!reaches) return `does not arrive, since ${why}`;
  const sight = seenAs === undefined ? "" : `, which sees ${seenAs}`;
  return `reaches ${server} at ${at}${sight}: ${why}`;
}
