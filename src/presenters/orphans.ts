import type { Orphan } from "../api/index.js";
import { printable } from "../errors/printable.js";

/** `link veth0123456789a is left over: no network and no endpoint lists it`. */
export function orphanWords({ kind, what, why }: Orphan): string {
  return printable(`${kind} ${what} is left over: ${why}`);
}

/** A line for each that was freed, `link veth0123456789a (no endpoint lists it)`; a sentence where nothing was left over. */
export function freedLines(freed: readonly Orphan[]): string {
  if (freed.length === 0) return "Nothing was left over.\n";
  return freed.map(({ kind, what, why }) => `${printable(`${kind} ${what} (${why})`)}\n`).join("");
}
