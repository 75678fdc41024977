import { printable } from "../../errors/printable.js";

const MAX_TEXT = 400;

/** Text of a plug-in's as a part of one line of tsd's. */
export function boundedText(text: string): string {
  return printable(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}
