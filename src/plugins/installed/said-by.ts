import { printable } from "../../errors/printable.js";

/** Characters of an error of third-party code that a sentence quotes. */
const LONGEST = 300;

/** The first line of what third-party code threw, which can be any value. */
export function saidBy(thrown: unknown): string {
  let text: string;
  try {
    text = String((thrown as { readonly message?: unknown } | null | undefined)?.message ?? thrown);
  } catch {
    text = "something that has no words";
  }
  const line = printable(text.trim().split("\n", 1)[0] ?? "");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
