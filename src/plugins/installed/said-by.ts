import { boundedText } from "../returned/bounded-text.js";

/** The first line of what third-party code threw, which can be any value. */
export function saidBy(thrown: unknown): string {
  let text: string;
  try {
    text = String((thrown as { readonly message?: unknown })?.message ?? thrown);
  } catch {
    text = "something that has no words";
  }
  return boundedText(text.trim().split("\n", 1)[0] ?? "");
}
