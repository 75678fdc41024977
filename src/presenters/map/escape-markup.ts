import { printable } from "../../errors/printable.js";

/** For text and attributes of XML and HTML (XML 1.0 §2.4). Control characters, which XML has no way to write, are shown escaped. */
export function escapeMarkup(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text
    .split("\n")
    .map((line) => printable(line.toWellFormed()).replace(/[&<>"']/g, (mark) => marks[mark] ?? mark))
    .join("\n");
}
