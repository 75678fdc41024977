import { unreadable } from "./template-errors.js";

/** A constant in quotes, as Go writes it: what it stands for, and how many characters it takes in the source. */
export interface Quoted {
  readonly kind: "string" | "number";
  readonly text: string;
  readonly length: number;
}

const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/**
 * Reads `"text"` with Go's escapes, `` `text` `` without, or `'c'`, which is the number of a character; undefined where none
 * of them begins. Line breaks may stand in quotes, other than in Go. Throws `invalid-input`.
 */
export function readQuoted(source: string, at: number): Quoted | undefined {
  const quote = source.charAt(at);
  if (quote === "`") {
    const end = source.indexOf("`", at + 1);
    if (end === -1) throw unreadable(source, at, "the raw string is not closed");
    return { kind: "string", text: source.slice(at + 1, end), length: end + 1 - at };
  }
  if (quote !== '"' && quote !== "'") return undefined;
  const body = new RegExp(`^${quote}((?:\\\\.|[^\\\\${quote}])*)${quote}`, "su").exec(source.slice(at));
  if (body === null) throw unreadable(source, at, `the ${quote === '"' ? "string" : "character"} is not closed`);
  const text = withoutEscapes(body[1] ?? "", () =>
    unreadable(source, at, `${body[0]} has an escape that Go does not know`),
  );
  if (quote === '"') return { kind: "string", text, length: body[0].length };
  const [character, ...more] = text;
  if (character === undefined || more.length > 0) throw unreadable(source, at, `${body[0]} is not one character`);
  return { kind: "number", text: String(character.codePointAt(0)), length: body[0].length };
}

function withoutEscapes(text: string, failure: () => Error): string {
  return text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gsu, (_all, code: string) => {
    const plain = Object.hasOwn(escapes, code) ? escapes[code] : undefined;
    if (plain !== undefined) return plain;
    const digits = /^[xuU]([\da-fA-F]+)$/.exec(code)?.[1];
    const point = digits === undefined ? Number.parseInt(code, 8) : Number.parseInt(digits, 16);
    if (Number.isNaN(point) || code.length === 1 || point > 0x10ffff) throw failure();
    return String.fromCodePoint(point);
  });
}
