import { malformed } from "./malformed.js";
import { isList, plainJson } from "./plain-json.js";

const MAX_CHARACTERS = 1_048_576;

/** Lines of text, as `describe` returns them. */
export function readWords(answer: unknown): readonly string[] {
  const list = plainJson(answer, "a list of words", MAX_CHARACTERS);
  if (isList(list) && list.every((item): item is string => typeof item === "string")) return list;
  throw malformed("something else than a list of words");
}

/** Nothing is expected, and whatever there is is passed over. */
export function readNothing(): void {
  // Nothing to read.
}
