import { printable } from "../../errors/printable.js";

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

/** A text in quotes as Go's `%q` writes it. */
export function quoteText(text: string): string {
  return `"${[...text].map((character) => named[character] ?? printable(character)).join("")}"`;
}
