import { type Element, isRange } from "./element.js";
import { elementSet, type TableFamily } from "./element-sets.js";
import { toRawNumber } from "./raw-payload.js";
import { declarations, schemaChain, TABLE } from "./skeleton.js";
import { isForeign, isMisdeclared } from "./table-damage.js";
import type { TableForm } from "./table-form.js";

/**
 * One transaction, as nft(8) text, that makes of `present` what is `expected`, so that no packet meets the table half-way.
 * Sets that are right keep their elements; one that is not is made again with those of its elements that have an owner. A
 * table that is dormant stays so: the kernel refuses to wake it and to change its chains at once.
 */
export function rewriteScript(family: TableFamily, present: TableForm, expected: TableForm): string {
  const place = `${family} ${TABLE}`;
  const doomed = [...present.sets].filter(([name, set]) => isMisdeclared(set, expected.sets.get(name)));
  const remade = doomed.filter(([name]) => expected.sets.has(name));
  const kept = remade.flatMap(([, { entries }]) => entries).filter((entry) => !isForeign(entry));
  const flags = present.isDormant ? " { flags dormant; }" : "";
  return [
    `flush table ${place}`,
    ...doomed.map(([name]) => `delete set ${place} ${name}`),
    ...present.others.map((other) => `delete ${within(other, place)}`),
    ...[...present.chains.keys()].map((chain) => `delete chain ${place} ${chain}`),
    `add table ${place}${flags}`,
    ...declarations(family, place),
    ...kept.flatMap(({ element }) => (element === undefined ? [] : [`add element ${place} ${elementText(element)}`])),
    "",
  ].join("\n");
}

/** Closes the table to every other writer of elements, see {@link schemaChain}, until it is written again. */
export function closingScript(family: TableFamily): string {
  return `delete chain ${family} ${TABLE} ${schemaChain(family)}\n`;
}

/** Ends the sleep of a dormant table. */
export function wakingScript(family: TableFamily): string {
  return `add table ${family} ${TABLE}\n`;
}

/** `counter inet tsd hits` from `counter hits`. */
function within(other: string, place: string): string {
  const at = other.lastIndexOf(" ");
  return `${other.slice(0, at)} ${place} ${other.slice(at + 1)}`;
}

/** `publish4 { tcp . 8080 comment "…" : 10.10.10.2 . 80 }`. */
function elementText({ set, key, data, owner }: Element): string {
  const types = elementSet(set).key;
  const parts = key.map((part, index) => {
    if (isRange(part)) return `${part.first}-${part.last}`;
    return types[index] === "ifname" ? `"${part}"` : toRawNumber(types[index], part);
  });
  const leads = data === undefined ? "" : ` : ${data.join(" . ")}`;
  return `${set} { ${parts.join(" . ")} comment "${owner}"${leads} }`;
}
