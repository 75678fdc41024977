import { type RawOptions, TsdError } from "../../api/index.js";
import type { Fault, Refusals } from "./refused-options.js";
import type { JsonObject } from "./resources.js";

/** Deeper objects are no configuration. */
const DEEPEST = 8;

/**
 * Options as an object of JSON: `a.b=1` is `{"a":{"b":1}}`. Values are numbers, `true`, `false`, JSON where they begin with a
 * bracket, a brace or a quotation mark, and otherwise text. Throws `invalid-input` naming the option.
 */
export function confOf(options: RawOptions, refused: Refusals): JsonObject {
  const conf: Tree = {};
  for (const [key, text] of Object.entries(options)) {
    const option = { key, text };
    const [first = "", ...rest] = key.split(".");
    if (rest.length >= DEEPEST || ![first, ...rest].every(isKey)) throw invalid(option, noKey);
    const fault = [first, first.toLowerCase()].find((word) => Object.hasOwn(refused, word));
    if (fault !== undefined) throw invalid(option, refused[fault] as Fault);
    place(conf, [first, ...rest], option);
  }
  return conf;
}

interface Tree {
  [key: string]: unknown;
}

interface GivenOption {
  readonly key: string;
  readonly text: string;
}

function isKey(part: string): boolean {
  return /^(?!__proto__$)[A-Za-z0-9_-][A-Za-z0-9_/:-]*$/.test(part);
}

function place(tree: Tree, [first = "", ...rest]: readonly string[], option: GivenOption): void {
  const present = tree[first];
  const isLast = rest.length === 0;
  if (isLast ? present !== undefined : present !== undefined && !isTree(present)) throw invalid(option, twice);
  if (isLast) {
    tree[first] = readValue(option);
    return;
  }
  const inner = (present ?? {}) as Tree;
  tree[first] = inner;
  place(inner, rest, option);
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readValue(option: GivenOption): unknown {
  const { text } = option;
  if (text === "true" || text === "false") return text === "true";
  // A number that JSON would print otherwise is text, such as a serial number with leading zeros.
  if (/^-?\d/.test(text) && String(Number(text)) === text) return Number(text);
  if (!/^["[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(option, { ...noJson, cause });
  }
}

const noKey: Fault = {
  what: "has no key that an object of JSON has",
  hint: 'Write letters and digits, with dots for what is within: "dns.domain".',
};
const twice: Fault = { what: "contradicts another option for the same key", hint: "Give one of them." };
const noJson: Fault = {
  what: "is not JSON",
  hint: `Quote it for the shell: -o 'KEY={"a":1}'`,
};

function invalid({ key, text }: GivenOption, { what, hint, cause }: Fault): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_OPTION",
    message: `the option ${key}=${text} ${what}`,
    hint,
    details: { key, value: text },
    cause,
  });
}
