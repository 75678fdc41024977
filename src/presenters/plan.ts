import type { Step } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { resourceWords } from "./resource-words.js";

/** A plan as text: a line for each thing that is done, in its order, and below it what is sent. */
export function planText(steps: readonly Step[]): string {
  return steps.length === 0 ? "Nothing would be done.\n" : steps.map(stepText).join("");
}

function stepText(step: Step): string {
  const lines = step.verb === "run" ? [step.what] : step.resources.map((resource) => resourceLine(step, resource));
  return [...lines, ...step.sends.flatMap(indented)].map((line) => `${printable(line)}\n`).join("");
}

function resourceLine({ verb, sends }: Step, resource: Parameters<typeof resourceWords>[0]): string {
  const done = verb === "make" ? "is there already" : "goes by itself";
  return `${verb} ${resourceWords(resource)}${sends.length === 0 ? `, which ${done}` : ""}`;
}

function indented(words: string): readonly string[] {
  return words.split("\n").map((line) => `    ${line}`);
}
