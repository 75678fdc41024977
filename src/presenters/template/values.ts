import { printable } from "../../errors/printable.js";

/** Text that is fit to be printed: the template's own, or made of data. A string is data as it came. */
export class Rendered {
  constructor(readonly text: string) {}
}

/** A value as functions compute with it. */
export function plain(value: unknown): unknown {
  return value instanceof Rendered ? value.text : value;
}

/** As {@link printable} has it, unless it is fit already. */
export function fitText(value: string | Rendered): string {
  return value instanceof Rendered ? value.text : printable(value);
}

/** Text in place of text: as fit for printing as `like` is. */
export function textLike(like: unknown, text: string): string | Rendered {
  return like instanceof Rendered ? new Rendered(text) : text;
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object of data: a record of known fields, or a map. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Rendered);
}

/** A map, whose keys are a user's words; a record has the fields of its kind. */
export function isMap(value: unknown): value is Fields {
  return isObject(value) && Object.getPrototypeOf(value) === null;
}

/** Fields, or entries in the order of their keys; what a record does is no field. */
export function entriesOf(value: Fields): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(value).filter(([, field]) => typeof field !== "function");
  return isMap(value) ? entries.sort(([a], [b]) => Number(a > b) - Number(a < b)) : entries;
}

/** Go's name of a value's type, for messages. */
export function typeOf(value: unknown): string {
  const known = plain(value);
  if (known === undefined || known === null) return "nil";
  if (Array.isArray(known)) return "[]interface {}";
  if (typeof known === "object") return isMap(known) ? "map[string]interface {}" : "struct";
  if (typeof known === "number") return Number.isInteger(known) ? "int" : "float64";
  if (typeof known === "boolean") return "bool";
  return typeof known === "string" ? "string" : "func";
}

/** Go's truth: false for false, 0, nothing, and what is empty; a record is always true. */
export function isTrue(value: unknown): boolean {
  const known = plain(value);
  if (Array.isArray(known)) return known.length > 0;
  if (isMap(known)) return Object.keys(known).length > 0;
  return Boolean(known);
}
