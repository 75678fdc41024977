/** The categories Cc, Zl and Zp, spelt out, since compiling Unicode's tables takes a third of a millisecond; and the marks. */
const ranges = "\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";

/**
 * What may be written to a terminal: values come from images, containers and archives, and a terminal obeys control
 * characters (ECMA-48). Bidirectional marks are among them, which make a line read otherwise than it is, and the separators
 * by which readers other than a terminal break a line.
 */
const dangerous = new RegExp(`[${ranges}]`, "g");

/** A value in a line: nothing in it breaks the line, aligns it otherwise, or speaks to the terminal. */
export function printable(value: string): string {
  return value.replace(dangerous, escaped);
}

/** Made when it is first needed. */
let styled: RegExp | undefined;

/** Lines of text, with tsd's own newlines, tabs and the styles of colours.ts. The last net: presenters write values by {@link printable}. */
export function printableText(text: string): string {
  styled ??= new RegExp(`\\u001b\\[(?:[12]|22|3[1-69])m|${dangerous.source}`, "g");
  return text.replace(styled, (found) =>
    found.length > 1 || found === "\n" || found === "\t" ? found : escaped(found),
  );
}

/** JSON by the same rule. JSON.stringify escapes the control characters of ASCII alone, and not DEL. */
export function printableJson(value: unknown, indent?: number): string {
  // Undefined for undefined, against its type.
  const text = JSON.stringify(value, undefined, indent) as string | undefined;
  return (text ?? "null").replace(dangerous, (mark) => (mark === "\n" ? mark : `\\u${hex(mark).padStart(4, "0")}`));
}

function escaped(mark: string): string {
  const digits = hex(mark);
  return digits.length > 2 ? `\\u${digits.padStart(4, "0")}` : `\\x${digits.padStart(2, "0")}`;
}

function hex(mark: string): string {
  return mark.charCodeAt(0).toString(16);
}
