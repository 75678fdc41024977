import type { Orphan } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { foldLines } from "./columns.js";
import { type Look, mark, plain } from "./look.js";

/** `link veth0123456789a is left over: no network and no endpoint lists it`. */
export function orphanWords({ kind, what, why }: Orphan): string {
  return printable(`${kind} ${what} is left over: ${why}`);
}

/** A line for each that was freed, `link veth0123456789a (no endpoint lists it)`; a sentence where nothing was left over. */
export function freedLines(freed: readonly Orphan[], look: Look = plain): string {
  if (freed.length === 0) return `${mark(look, true)}Nothing was left over.\n`;
  const lines = freed.map(({ kind, what, why }) => `${mark(look, true)}${printable(`${kind} ${what} (${why})`)}\n`);
  return foldLines(lines.join(""), look.width);
}
