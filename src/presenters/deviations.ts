import type { Deviation } from "../api/index.js";
import { resourceWords } from "./resource-words.js";

/** A line for each: `network web: link br-web is missing`. */
export function deviationLines(deviations: readonly Deviation[]): string {
  return deviations
    .map(({ of, resource, problem, found, repairable }) => {
      const what = problem === "missing" ? "is missing" : `is different: ${found ?? "unknown"}`;
      const remedy = repairable ? "" : `; restart it: tsd restart ${of.name}`;
      return `${of.kind} ${of.name}: ${resourceWords(resource)} ${what}${remedy}\n`;
    })
    .join("");
}
