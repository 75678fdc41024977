import type { Change } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { shortId } from "./short-id.js";

/** `2026-01-01T00:00:00.000Z container web (3f2a…) running`. */
export function changeLine({ time, kind, id, name, what }: Change): string {
  return `${printable(`${time} ${kind} ${name === undefined ? shortId(id) : `${name} (${shortId(id)})`} ${what}`)}\n`;
}
