import { isSameOwner } from "../owner-mark.js";
import { elementSet, type SetName, type TableFamily, tableFamily } from "./element-sets.js";

/** A run of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** An interface name, an address in its canonical text, a protocol's name, a port, or a run of ports. */
export type KeyPart = string | number | PortRange;
export type DataPart = string | number;

/** An element of one of tsd's sets or maps. */
export interface Element {
  readonly set: SetName;
  /** One part per component of the set's key, in its order. */
  readonly key: readonly KeyPart[];
  /** What a map's key leads to; absent in a set. */
  readonly data?: readonly DataPart[];
  /** The element's comment in the kernel, see {@link markOwners}. Empty where a foreign hand left none. */
  readonly owner: string;
}

/** The key as nft prints it, `tcp . 8080` or `tcp . 9000-9010`. Equal keys have equal texts. */
export function keyText({ key }: Pick<Element, "key">): string {
  return key.map((part) => (isRange(part) ? `${part.first}-${part.last}` : part)).join(" . ");
}

/** The data as nft prints it, `10.10.10.2 . 80`; empty for an element of a set. */
export function dataText({ data }: Pick<Element, "data">): string {
  return data?.join(" . ") ?? "";
}

/** Names an element among all of the table. */
export function elementId(element: Pick<Element, "set" | "key">): string {
  return `${element.set} ${keyText(element)}`;
}

/** Same place, same data, same owner. */
export function isSameElement(a: Element, b: Element): boolean {
  return elementId(a) === elementId(b) && dataText(a) === dataText(b) && isSameOwner(a.owner, b.owner);
}

/** Whether one packet could match both, so that they cannot stand side by side in their set. */
export function isOverlapping(a: Element, b: Element): boolean {
  if (a.set !== b.set) return false;
  return a.key.every((part, index) => {
    const other = b.key[index];
    if (other === undefined) return false;
    return isRange(part) && isRange(other) ? part.first <= other.last && other.first <= part.last : part === other;
  });
}

export function isRange(part: KeyPart): part is PortRange {
  return typeof part === "object";
}

/** Elements by set, in the order in which the sets first occur. */
export function groupBySet(elements: readonly Element[]): ReadonlyMap<SetName, readonly Element[]> {
  return Map.groupBy(elements, ({ set }) => set);
}

/** Whose tables the elements are in. */
export function familiesOf(elements: readonly Element[]): readonly TableFamily[] {
  return [...new Set(elements.map(({ set }) => tableFamily(set)))];
}

/** Whether the set keeps data with its keys. */
export function isMap(set: SetName): boolean {
  return elementSet(set).data !== undefined;
}
