import { type DataPart, type Element, groupBySet, isMap, isRange, type KeyPart } from "./element.js";
import type { SetName } from "./element-sets.js";
import { SCHEMA_CHAIN, TABLE } from "./skeleton.js";

/** A document as `nft -j -f` takes it; libnftables-json(5). */
export interface NftDocument {
  readonly nftables: readonly NftCommand[];
}
type NftCommand = Readonly<Record<string, unknown>>;

type Verb = "add" | "create" | "delete";

/** One transaction that makes all of `elements`, or nothing where a key is taken. */
export function creation(elements: readonly Element[]): NftDocument {
  return { nftables: [schemaGuard, ...elementCommands("create", elements)] };
}

/**
 * One transaction after which none of `elements` exists, or nothing where a map leads one of their keys elsewhere.
 * The kernel deletes by key and fails for a key that is gone; adding first compares the data (EEXIST if it differs),
 * accepts what is there and makes what is gone, so the deletion is both safe and sure to succeed. Keys of sets have no
 * data to compare: the caller vouches for them, and they must exist.
 */
export function deletion(elements: readonly Element[]): NftDocument {
  const inMaps = elements.filter(({ set }) => isMap(set));
  return { nftables: [schemaGuard, ...elementCommands("add", inMaps), ...elementCommands("delete", elements)] };
}

/** Flushing an empty chain does nothing, but fails with ENOENT where the table is absent or of another schema. */
const schemaGuard: NftCommand = { flush: { chain: { family: "inet", table: TABLE, name: SCHEMA_CHAIN } } };

function elementCommands(verb: Verb, elements: readonly Element[]): readonly NftCommand[] {
  return [...groupBySet(elements)].map(([set, group]) => elementCommand(verb, set, group));
}

function elementCommand(verb: Verb, set: SetName, elements: readonly Element[]): NftCommand {
  const elem = elements.map((element) => (verb === "delete" ? keyValue(element) : fullValue(element)));
  return { [verb]: { element: { family: "inet", table: TABLE, name: set, elem } } };
}

function fullValue(element: Element): unknown {
  const commented = { elem: { val: keyValue(element), comment: element.owner } };
  return element.data === undefined ? commented : [commented, concat(element.data)];
}

function keyValue({ key }: Element): unknown {
  return concat(key);
}

function concat(parts: readonly (KeyPart | DataPart)[]): unknown {
  const values = parts.map((part) => (isRange(part) ? { range: [part.first, part.last] } : part));
  return values.length === 1 ? values[0] : { concat: values };
}
