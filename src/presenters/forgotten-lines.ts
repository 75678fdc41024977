import type { Forgotten } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { resourceWords } from "./resource-words.js";

/** A line for each thing that was given up; `owner` is what had it, `network web`. */
export function forgottenLines(owner: string, { forgotten = [] }: Forgotten): string {
  return forgotten
    .map((resource) => `tsd: ${printable(`${owner}: gave up ${resourceWords(resource)}, which no plug-in removed`)}\n`)
    .join("");
}
