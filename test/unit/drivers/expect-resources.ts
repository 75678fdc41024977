import type { Resource } from "../../../src/api/index.js";
import { expectGolden } from "../../support/engine/golden-file.js";

/** Compares a list with `golden/NAME.json`. */
export function expectResources(name: string, resources: readonly Resource[]): void {
  const spread = JSON.stringify(resources, undefined, 2);
  // A list of words stands on one line, as the formatter has it.
  const text = spread.replace(/\[\s+("[^[\]{}]*")\s+\]/g, (_all, words: string) => `[${words.replace(/\s+/g, " ")}]`);
  expectGolden(new URL(`golden/${name}.json`, import.meta.url), `${text}\n`);
}
