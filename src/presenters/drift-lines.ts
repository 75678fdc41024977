import type { HostDrift, OwnedDrift } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { foldLines } from "./columns.js";
import { type Look, mark, plain } from "./look.js";
import { orphanWords } from "./orphans.js";
import { resourceWords } from "./resource-words.js";

/**
 * A line for each: `network web: link br-web is missing`, `orphan: link veth0a is left over; free it: tsd gc`, `all
 * networks: table inet tsd, chain inward: rule missing: drop`.
 */
export function driftLines(drifts: readonly HostDrift[], look: Look = plain): string {
  return foldLines(drifts.map((drift) => `${mark(look, false)}${driftLine(drift)}`).join(""), look.width);
}

/** What a terminal is shown where there is no drift; programs see an empty list. */
export function allIsWell(look: Look): string {
  return look.width === undefined ? "" : `${mark(look, true)}Everything is as tsd made it.\n`;
}

function driftLine(drift: HostDrift): string {
  if (drift.problem === "stray") return `orphan: ${orphanWords(drift)}; free it: tsd gc\n`;
  if (drift.problem === "damaged") return `all networks: ${drift.where}: ${drift.what}\n`;
  if (drift.problem === "outdated" || drift.problem === "unheard") {
    return `${printable(`${ownerWords(drift.of)}: ${drift.what}`)}\n`;
  }
  const { of, resource, problem, found, repairable, obstacle } = drift;
  if (problem === "unchecked") {
    return `${printable(`${ownerWords(of)}: ${resourceWords(resource)} cannot be checked: ${found}`)}\n`;
  }
  const what = problem === "missing" ? "is missing" : `is different: ${found ?? "unknown"}`;
  const why = obstacle === undefined ? "" : `, since ${obstacle}`;
  const remedy = repairable ? why : `; restart it: tsd restart ${of.name}`;
  return `${printable(`${ownerWords(of)}: ${resourceWords(resource)} ${what}${remedy}`)}\n`;
}

function ownerWords({ kind, name }: OwnedDrift["of"]): string {
  return kind === "peer" ? name : `${kind} ${name}`;
}

interface Repair {
  readonly found: readonly HostDrift[];
  readonly left: readonly HostDrift[];
}

/** What was found and is repaired, and which orphans are to be freed; a sentence if nothing was found. */
export function repairLines({ found, left }: Repair, look: Look = plain): string {
  if (found.length === 0) return `${mark(look, true)}Nothing was different.\n`;
  const still = new Set(left.map(identityOf));
  const lines = found.map((drift) => {
    const line = driftLine(drift);
    if (!still.has(identityOf(drift))) return `${mark(look, true)}${look.paint("repaired:", "green")} ${line}`;
    return drift.problem === "stray" ? `${mark(look, undefined)}${line}` : "";
  });
  return foldLines(lines.join(""), look.width);
}

/** What differs, however it does: a repair that fails half-way leaves it different in another way. */
function identityOf(drift: HostDrift): string {
  return "resource" in drift ? `${drift.of.id} ${JSON.stringify(drift.resource)}` : driftLine(drift);
}
