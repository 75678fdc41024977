import type { Drift, Explanation, Hop, Verdict } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { foldLines } from "./columns.js";
import { type Look, mark, plain } from "./look.js";
import { resourceWords } from "./resource-words.js";

/** Who knows the name that is called, a numbered line for each hop, then the verdict, what would change it, and what may yet. */
export function explanationText({ named, hops, verdict, cautions }: Explanation, look: Look = plain): string {
  const { paint, width } = look;
  const lines = [
    ...(named === undefined ? [] : [`name: ${printable(named)}`]),
    ...hops.flatMap((hop, index) => hopLines(hop, index + 1, look)),
    `${paint("verdict:", "bold")} ${verdictWords(verdict, look)}`,
    ...(verdict.hint === undefined ? [] : [`${paint("hint:", "bold")} ${printable(verdict.hint)}`]),
    ...cautions.map((caution) => `${paint("caution:", "yellow")} ${printable(caution)}`),
    "",
  ];
  return foldLines(lines.join("\n"), width, 3);
}

function hopLines(hop: Hop, number: number, look: Look): readonly string[] {
  const { place, netns, what, by } = hop;
  const { paint, verbose } = look;
  const indent = " ".repeat(String(number).length + 2);
  return [
    `${number}. ${paint(printable(place), "bold")}: ${printable(what)}`,
    ...(netns === undefined || !verbose ? [] : [`${indent}${paint(printable(`in namespace ${netns}`), "dim")}`]),
    ...(by === undefined ? [] : [`${indent}${paint(printable(`by ${by}`), "dim")}`]),
    ...faultsOf(hop).map((fault) => `${indent}${paint(printable(`but ${fault}`), "red")}`),
  ];
}

/** What keeps a hop from being as tsd made it, in words. */
export function faultsOf({ drifts = [], amiss }: Hop): readonly string[] {
  return [...drifts.map(driftWords), ...(amiss === undefined ? [] : [amiss])];
}

function driftWords({ resource, problem, found }: Drift): string {
  const what = resourceWords(resource);
  if (problem === "unchecked") return `${what} cannot be checked: ${found}`;
  return problem === "missing"
    ? `the kernel lacks it (${what}): tsd reload repairs it`
    : `the kernel has it different (${what}: ${found ?? "unknown"}): tsd reload repairs it`;
}

function verdictWords({ reaches, unknown, server, at, seenAs, why }: Verdict, look: Look): string {
  const { paint } = look;
  if (unknown) return `${mark(look, undefined)}${paint("not known", "yellow")}, since ${printable(why)}`;
  if (!reaches) return `${mark(look, false)}${paint("does not arrive", "red")}, since ${printable(why)}`;
  const sight = seenAs === undefined ? "" : `, which sees ${seenAs}`;
  return `${mark(look, true)}${paint("reaches", "green")} ${printable(`${server} at ${at}${sight}: ${why}`)}`;
}
