import { printableJson } from "../errors/printable.js";
import { parseFormat } from "./template/format-template.js";

/** What an `inspect` command prints: a JSON array, or with a template a line for each thing. */
export function inspectText(things: readonly unknown[], format?: string): string {
  if (format === undefined) return `${printableJson(things, 4)}\n`;
  const template = parseFormat(format === "json" ? "{{json .}}" : format);
  return things.map((thing) => `${template.render(thing)}\n`).join("");
}
