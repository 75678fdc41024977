import type { PacketEffect } from "../../api/index.js";
import { type Element, isMap, isRange, keyText } from "./element.js";
import { tableFamily } from "./element-sets.js";
import { elementsOf } from "./intent-elements.js";
import { TABLE } from "./skeleton.js";

type Aspect = NonNullable<PacketEffect["aspect"]>;

/** By which of an isolation's sets; what is published and what nothing allows is decided by rules of the skeleton. */
const sets: Readonly<Record<Exclude<Aspect, "published">, string>> = {
  neighbour: "group_neighbours",
  open: "open",
  pingable: "pingable",
  internal: "internal",
  hairpin: "same_bridge",
  loopback: "bridges",
  trunk: "trunks",
  else: "bridges",
};

/** `element tcp . 8080 of map publish4 in table inet tsd`; see {@link NatBackend.ruleFor}. */
export function ruleFor({ intent, aspect, family, port }: PacketEffect): string | undefined {
  if (aspect === "published") return `rule "ct status dnat accept" of chain inward in table inet ${TABLE}`;
  // A guard has elements of several kinds; it is by those of the packet's family that its source is known.
  const set = intent.kind === "guard" ? `guard${family}` : aspect && sets[aspect];
  const elements = elementsOf([intent]).filter((one) => set === undefined || one.set === set);
  const element = elements.find((one) => port === undefined || hasPort(one, port));
  if (element === undefined) return undefined;
  const kind = isMap(element.set) ? "map" : "set";
  const place = `element ${keyText(element)} of ${kind} ${element.set} in table ${tableFamily(element.set)} ${TABLE}`;
  return aspect === "else" ? `last rule of chain inward, to which ${place} leads` : place;
}

function hasPort({ key }: Element, port: number): boolean {
  return key.some((part) => (isRange(part) ? part.first <= port && port <= part.last : part === port));
}
