import { StepFailure } from "./template-errors.js";

/** Characters of one text that a template makes: enough for the JSON of all that an inspect command prints. */
const longestText = 4 * 1024 * 1024;

/** Joins parts while they are made, and ends with words before they fill the memory. */
export function joinBounded(parts: Iterable<string>, separator = ""): string {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length + separator.length;
    if (length > longestText) throw new StepFailure(`a text has more than ${longestText} characters`);
    kept.push(part);
  }
  return kept.join(separator);
}
