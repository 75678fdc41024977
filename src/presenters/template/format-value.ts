import { printable } from "../../errors/printable.js";
import { joinBounded } from "./bounded-text.js";
import { exponentText, fixedText, generalText, numberText } from "./numbers.js";
import { quoteText } from "./quote-text.js";
import { entriesOf, fitText, isMap, isObject, plain, Rendered, typeOf } from "./values.js";

/** One `%…` of a format. */
export interface Directive {
  readonly verb: string;
  /** Of `-`, `+`, `#`, space and `0`. */
  readonly flags: string;
  readonly width: number;
  readonly precision?: number;
}

/** `%v`, as an action prints a value within others. */
export function display(value: unknown): string {
  return formatValue(value, { verb: "v", flags: "", width: 0 });
}

function* formatEach(values: readonly unknown[], directive: Directive): Iterable<string> {
  for (const value of values) yield formatValue(value, directive);
}

/** A value by one directive, each of a list or a map by the same. */
export function formatValue(value: unknown, directive: Directive): string {
  const { verb, flags } = directive;
  if (verb === "T") return padded(typeOf(value) === "nil" ? "<nil>" : typeOf(value), directive);
  if (value === undefined || value === null)
    return padded(verb === "v" ? "<nil>" : `%!${printable(verb)}(<nil>)`, directive);
  if (Array.isArray(value)) return `[${joinBounded(formatEach(value, directive), " ")}]`;
  if (!isObject(value)) return formatScalar(value, directive);
  const entries = entriesOf(value).map(([key, field]) => {
    const text = formatValue(field, directive);
    if (isMap(value)) return `${formatValue(key, directive)}:${text}`;
    return flags.includes("+") ? `${key}:${text}` : text;
  });
  return isMap(value) ? `map[${entries.join(" ")}]` : `{${entries.join(" ")}}`;
}

function formatScalar(value: unknown, directive: Directive): string {
  const known = plain(value);
  const verb = printable(directive.verb);
  switch (typeof known) {
    case "boolean":
      return "vt".includes(verb) ? padded(String(known), directive) : `%!${verb}(bool=${known})`;
    case "number":
      return formatNumber(known, directive) ?? `%!${verb}(${typeOf(known)}=${numberText(known)})`;
    case "string":
      return formatText(value as string | Rendered, directive) ?? `%!${verb}(string=${fitText(value as string)})`;
    default:
      return `%!${verb}(func)`;
  }
}

function formatText(value: string | Rendered, directive: Directive): string | undefined {
  const { verb, flags, precision } = directive;
  const whole = String(plain(value));
  const cut = precision === undefined ? whole : [...whole].slice(0, precision).join("");
  switch (verb) {
    case "s":
    case "v":
      if (verb === "v" && flags.includes("#")) return padded(quoteText(cut), directive);
      return padded(value instanceof Rendered ? cut : printable(cut), directive);
    case "q":
      return padded(quoteText(cut), directive);
    case "x":
    case "X": {
      const bytes = [...Buffer.from(cut)].map((byte) => byte.toString(16).padStart(2, "0"));
      const digits = bytes.join(flags.includes(" ") ? " " : "");
      return padded(verb === "X" ? digits.toUpperCase() : digits, directive);
    }
    default:
      return undefined;
  }
}

function formatNumber(value: number, directive: Directive): string | undefined {
  const { verb, flags, precision } = directive;
  const size = Math.abs(value);
  const signed = (digits: string): string => paddedNumber(value < 0, digits, directive);
  if ("eEfFgG".includes(verb)) {
    const text = floatDigits(size, verb.toLowerCase(), precision);
    return signed(verb === "E" || verb === "G" ? text.toUpperCase() : text);
  }
  if (verb === "v") return signed(precision === undefined ? numberText(size) : floatDigits(size, "g", precision));
  if (!Number.isInteger(value)) return undefined;
  const base = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }[verb];
  if (base !== undefined) {
    const digits = BigInt(size)
      .toString(base)
      .padStart(precision ?? 0, "0");
    const mark = verb === "O" ? "0o" : baseMark(base, flags);
    return signed(verb === "X" ? `${mark}${digits}`.toUpperCase() : `${mark}${digits}`);
  }
  if (value < 0 || value > 0x10ffff) return undefined;
  if (verb === "c") return padded(printable(String.fromCodePoint(value)), directive);
  if (verb === "q") return padded(quoteText(String.fromCodePoint(value)).replace(/^"|"$/g, "'"), directive);
  return verb === "U" ? padded(`U+${value.toString(16).toUpperCase().padStart(4, "0")}`, directive) : undefined;
}

function floatDigits(size: number, verb: string, precision: number | undefined): string {
  const digits = Math.min(precision ?? 6, 100);
  if (verb === "e") return exponentText(size.toExponential(digits));
  if (verb === "f") return fixedText(size, digits);
  return precision === undefined
    ? generalText(size, { limit: 1e6 })
    : generalText(size, { limit: 10 ** Math.max(1, digits), precision: Math.max(1, digits) });
}

function paddedNumber(negative: boolean, digits: string, directive: Directive): string {
  const { flags, width } = directive;
  const positive = flags.includes("+") ? "+" : "";
  const sign = negative ? "-" : positive || (flags.includes(" ") ? " " : "");
  if (!flags.includes("0") || flags.includes("-")) return padded(`${sign}${digits}`, directive);
  return `${sign}${digits.padStart(width - sign.length, "0")}`;
}

function padded(text: string, { flags, width }: Directive): string {
  const missing = " ".repeat(Math.max(0, width - [...text].length));
  return flags.includes("-") ? `${text}${missing}` : `${missing}${text}`;
}

function baseMark(base: number, flags: string): string {
  return flags.includes("#") ? ({ 2: "0b", 8: "0", 16: "0x" }[base] ?? "") : "";
}

/** {@link display} of each. */
export function displayEach(values: readonly unknown[]): Iterable<string> {
  return formatEach(values, { verb: "v", flags: "", width: 0 });
}
