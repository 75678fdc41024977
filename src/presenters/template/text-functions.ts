import { printableJson } from "../../errors/printable.js";
import { joinBounded } from "./bounded-text.js";
import { display, displayEach } from "./format-value.js";
import type { TemplateFunction } from "./function-names.js";
import { StepFailure } from "./template-errors.js";
import { fitText, plain, Rendered, textLike, typeOf } from "./values.js";

/** Spaces that one call may add. */
const widest = 10_000;

/** Functions that make text. */
export function textFunction(name: string): TemplateFunction {
  const one = (change: (text: string) => string): TemplateFunction => ({
    least: 1,
    most: 1,
    call: (value) => textLike(value, change(String(plain(textArgument(value))))),
  });
  switch (name) {
    case "json":
      return { least: 1, most: 1, call: (value) => new Rendered(printableJson(plain(value) ?? null)) };
    case "join":
      return { least: 2, most: 2, call: joined };
    case "split":
      return { least: 2, most: 2, call: split };
    case "lower":
      return one((text) => text.toLowerCase());
    case "upper":
      return one((text) => text.toUpperCase());
    case "title":
      return one((text) => text.replace(/(?<![\p{L}\p{Nd}_])\p{L}/gu, (letter) => letter.toUpperCase()));
    case "pad":
      return { least: 3, most: 3, call: spaced };
    case "truncate":
      return { least: 2, most: 2, call: truncated };
    case "html":
      return {
        least: 1,
        call: (...args) => new Rendered(printed(args).replace(/[&<>"']/g, (mark) => html[mark] ?? mark)),
      };
    case "js":
      return {
        least: 1,
        call: (...args) => new Rendered(printed(args).replace(/[\\'"<>&=\n]/g, (mark) => js[mark] ?? mark)),
      };
    default:
      return { least: 1, call: (...args) => new Rendered(urlQuery(printed(args))) };
  }
}

const html: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const js: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
  "\n": "\\u000A",
};

function urlQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Go's `fmt.Sprint`: a space between two operands of which neither is text. */
export function printed(args: readonly unknown[]): string {
  return joinBounded(printedParts(args));
}

function* printedParts(args: readonly unknown[]): Iterable<string> {
  const isText = (value: unknown): boolean => typeof plain(value) === "string";
  for (const [at, arg] of args.entries()) {
    if (at > 0 && !isText(arg) && !isText(args[at - 1])) yield " ";
    yield display(arg);
  }
}

export function textArgument(value: unknown): string | Rendered {
  if (typeof value === "string" || value instanceof Rendered) return value;
  throw new StepFailure(`wrong type for value; expected string; got ${typeOf(value)}`);
}

/** `join LIST SEPARATOR`, or in a pipe the list last. */
function joined(first: unknown, second: unknown): Rendered {
  const [list, separator] = Array.isArray(first) ? [first, second] : [second, first];
  if (!Array.isArray(list)) throw new StepFailure(`wrong type for value; expected []string; got ${typeOf(first)}`);
  return new Rendered(joinBounded(displayEach(list), fitText(textArgument(separator))));
}

function split(value: unknown, separator: unknown): readonly (string | Rendered)[] {
  const text = textArgument(value);
  return String(plain(text))
    .split(String(plain(textArgument(separator))))
    .map((part) => textLike(text, part));
}

function spaced(value: unknown, before: unknown, behind: unknown): string | Rendered {
  const text = textArgument(value);
  const sizes = [before, behind].map(plain);
  if (!sizes.every((size) => typeof size === "number" && size >= 0 && size <= widest)) {
    throw new StepFailure("wrong number of spaces");
  }
  const whole = String(plain(text));
  const [left, right] = sizes.map((size) => " ".repeat(Number(size)));
  return whole === "" ? text : textLike(text, `${left}${whole}${right}`);
}

function truncated(value: unknown, length: unknown): string | Rendered {
  const text = textArgument(value);
  const size = plain(length);
  if (typeof size !== "number" || size < 0) throw new StepFailure("wrong length");
  return textLike(text, [...String(plain(text))].slice(0, size).join(""));
}
