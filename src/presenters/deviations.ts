import type { Deviation } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { resourceWords } from "./resource-words.js";
import { strayWords } from "./strays.js";

/** A line for each: `network web: link br-web is missing`, `nobody: link veth0a is left over; free it: tsd gc`,
 * `all networks: table inet tsd, chain inward: rule missing: drop`. */
export function deviationLines(deviations: readonly Deviation[]): string {
  return deviations
    .map((deviation) => {
      if (deviation.problem === "stray") return `nobody: ${strayWords(deviation)}; free it: tsd gc\n`;
      if (deviation.problem === "damaged") return `all networks: ${deviation.where}: ${deviation.what}\n`;
      if (deviation.problem === "outdated" || deviation.problem === "unheard") {
        return `${printable(`${deviation.of.kind} ${deviation.of.name}: ${deviation.what}`)}\n`;
      }
      const { of, resource, problem, found, repairable } = deviation;
      const what = problem === "missing" ? "is missing" : `is different: ${found ?? "unknown"}`;
      const remedy = repairable ? "" : `; restart it: tsd restart ${of.name}`;
      return `${printable(`${of.kind} ${of.name}: ${resourceWords(resource)} ${what}${remedy}`)}\n`;
    })
    .join("");
}

interface Repair {
  readonly found: readonly Deviation[];
  readonly left: readonly Deviation[];
}

/** What of the found is repaired, and what nobody's is to be freed; a sentence where nothing was found. */
export function repairLines({ found, left }: Repair): string {
  if (found.length === 0) return "Nothing was different.\n";
  const still = new Set(left.map((deviation) => deviationLines([deviation])));
  return found
    .map((deviation) => {
      const line = deviationLines([deviation]);
      if (!still.has(line)) return `repaired: ${line}`;
      return deviation.problem === "stray" ? line : "";
    })
    .join("");
}
