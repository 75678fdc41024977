import { type Node, parsePattern } from "./parse-pattern.js";

/** Of the program that an expression becomes. A text of n characters takes n times as many steps at most, for each of a list's rows. */
const MOST_STEPS = 500;

type Step =
  | Extract<Node, { readonly kind: "character" | "place" }>
  /** Goes on at each of these. */
  | { readonly kind: "fork"; readonly to: number[] }
  | { readonly kind: "found" };

/**
 * Whether a text matches a regular expression, anywhere in it, in time that is linear in its length (Thompson's construction): those of
 * Node.js go back and try again, and an expression of a client's could stop the service. Throws `SyntaxError`.
 */
export function linearPattern(
  source: string,
  options: { readonly ignoreCase?: boolean } = {},
): (text: string) => boolean {
  const steps: Step[] = [];
  append(parsePattern(source, options), steps);
  steps.push({ kind: "found" });
  return (text) => isFound(steps, [...text]);
}

function append(node: Node, steps: Step[]): void {
  if (steps.length > MOST_STEPS) throw new SyntaxError("the expression is too large");
  switch (node.kind) {
    case "sequence":
      for (const part of node.parts) append(part, steps);
      return;
    case "choice":
      appendChoice(node.options, steps);
      return;
    case "repeat":
      appendRepeat(node, steps);
      return;
    default:
      steps.push(node);
  }
}

function fork(steps: Step[], ...to: readonly number[]): number[] {
  const targets = [...to];
  steps.push({ kind: "fork", to: targets });
  return targets;
}

function appendChoice(options: readonly Node[], steps: Step[]): void {
  const begins = fork(steps);
  const ends: number[][] = [];
  for (const option of options) {
    begins.push(steps.length);
    append(option, steps);
    ends.push(fork(steps));
  }
  for (const end of ends) end.push(steps.length);
}

function appendRepeat({ part, least, most }: Extract<Node, { readonly kind: "repeat" }>, steps: Step[]): void {
  for (let count = 0; count < least; count += 1) {
    const begin = steps.length;
    append(part, steps);
    // Copies of nothing would take their time, and not count as steps.
    if (steps.length === begin) break;
  }
  if (most === Number.POSITIVE_INFINITY) {
    const begin = steps.length;
    const targets = fork(steps, begin + 1);
    append(part, steps);
    fork(steps, begin);
    targets.push(steps.length);
    return;
  }
  const exits: number[][] = [];
  for (let count = least; count < most; count += 1) {
    exits.push(fork(steps, steps.length + 1));
    append(part, steps);
  }
  for (const exit of exits) exit.push(steps.length);
}

/** All ways through the text are followed at once, each step once for each character. */
function isFound(steps: readonly Step[], text: readonly string[]): boolean {
  let present: readonly number[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    const reached = closure(steps, [...present, 0], [text[at - 1], text[at]]);
    if (reached === "found") return true;
    const character = text[at];
    if (character === undefined) return false;
    present = reached.flatMap((number) => {
      const step = steps[number];
      return step?.kind === "character" && step.matches(character) ? [number + 1] : [];
    });
  }
  return false;
}

/** What can be reached without a character. */
function closure(
  steps: readonly Step[],
  begins: readonly number[],
  [before, after]: readonly [string | undefined, string | undefined],
): readonly number[] | "found" {
  const seen = new Set<number>();
  const ahead = [...begins];
  for (let number = ahead.pop(); number !== undefined; number = ahead.pop()) {
    if (seen.has(number)) continue;
    seen.add(number);
    const step = steps[number];
    if (step?.kind === "found") return "found";
    if (step?.kind === "fork") ahead.push(...step.to);
    if (step?.kind === "place" && step.matches(before, after)) ahead.push(number + 1);
  }
  return [...seen];
}
