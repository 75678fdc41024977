import type { NatDeed } from "../../api/index.js";
import { type Element, isMap, isRange, keyText } from "./element.js";
import { elementsOf } from "./intent-elements.js";
import { TABLE } from "./skeleton.js";

type Aspect = NonNullable<NatDeed["aspect"]>;

/** By which of an isolation's sets; what is published and what nothing allows is decided by rules of the skeleton. */
const sets: Readonly<Record<Exclude<Aspect, "published">, string>> = {
  open: "open",
  pingable: "pingable",
  internal: "internal",
  hairpin: "same_bridge",
  loopback: "bridges",
  else: "bridges",
};

/** `element tcp . 8080 of map publish4 in table inet tsd`; see {@link NatBackend.locate}. */
export function locateDeed({ intent, aspect, family, port }: NatDeed): string {
  if (aspect === "published") return `rule "ct status dnat accept" of chain inward in table inet ${TABLE}`;
  const elements = elementsOf([intent]).filter(({ set }) => aspect === undefined || set === sets[aspect]);
  const element = elements.find((one) => port === undefined || hasPort(one, port)) ?? elements[0];
  if (element === undefined) return `table inet ${TABLE}, family IPv${family}`;
  const place = `element ${keyText(element)} of ${isMap(element.set) ? "map" : "set"} ${element.set} in table inet ${TABLE}`;
  return aspect === "else" ? `last rule of chain inward, to which ${place} leads` : place;
}

function hasPort({ key }: Element, port: number): boolean {
  return key.some((part) => (isRange(part) ? part.first <= port && port <= part.last : part === port));
}
