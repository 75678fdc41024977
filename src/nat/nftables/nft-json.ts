import { type DataPart, type Element, familiesOf, groupBySet, isMap, isRange, type KeyPart } from "./element.js";
import { elementSet, type SetName, tableFamily } from "./element-sets.js";
import { toRawNumber } from "./raw-payload.js";
import { schemaChain, TABLE } from "./skeleton.js";

/** A document as `nft -j -f` takes it; libnftables-json(5). */
export interface NftDocument {
  readonly nftables: readonly NftCommand[];
}
type NftCommand = Readonly<Record<string, unknown>>;

type Verb = "add" | "create" | "delete";

/** One transaction that makes all of `elements`, or nothing where a key is taken. */
export function creation(elements: readonly Element[]): NftDocument {
  return { nftables: [...schemaGuards(elements), ...elementCommands("create", elements)] };
}

/**
 * One transaction after which none of `elements` exists, or nothing where a map leads one of their keys elsewhere.
 * The kernel deletes by key and fails for a key that is gone; adding first compares the data (EEXIST if it differs),
 * accepts what is there and makes what is gone, so the deletion is both safe and sure to succeed. Keys of sets have no
 * data to compare: the caller vouches for them, and they must exist.
 */
export function deletion(elements: readonly Element[]): NftDocument {
  const inMaps = elements.filter(({ set }) => isMap(set));
  return {
    nftables: [...schemaGuards(elements), ...elementCommands("add", inMaps), ...elementCommands("delete", elements)],
  };
}

/** Flushing an empty chain does nothing, but fails with ENOENT where the table is absent or of another schema. */
function schemaGuards(elements: readonly Element[]): readonly NftCommand[] {
  return familiesOf(elements).map((family) => ({
    flush: { chain: { family, table: TABLE, name: schemaChain(family) } },
  }));
}

function elementCommands(verb: Verb, elements: readonly Element[]): readonly NftCommand[] {
  return [...groupBySet(elements)].map(([set, group]) => elementCommand(verb, set, group));
}

function elementCommand(verb: Verb, set: SetName, elements: readonly Element[]): NftCommand {
  const elem = elements.map((element) => (verb === "delete" ? keyValue(element) : fullValue(element)));
  return { [verb]: { element: { family: tableFamily(set), table: TABLE, name: set, elem } } };
}

function fullValue(element: Element): unknown {
  const commented = { elem: { val: keyValue(element), comment: element.owner } };
  return element.data === undefined ? commented : [commented, concat(element.data)];
}

function keyValue({ set, key }: Element): unknown {
  const types = elementSet(set).key;
  return concat(key.map((part, index) => toRawNumber(types[index], part)));
}

function concat(parts: readonly (KeyPart | DataPart)[]): unknown {
  const values = parts.map(jsonOf);
  return values.length === 1 ? values[0] : { concat: values };
}

function jsonOf(part: KeyPart | DataPart): unknown {
  if (typeof part === "number") return part;
  if (isRange(part)) return { range: [part.first, part.last] };
  const [addr, len] = part.split("/");
  return len === undefined ? part : { prefix: { addr, len: Number(len) } };
}
