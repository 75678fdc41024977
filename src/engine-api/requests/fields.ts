import {
  type Field,
  isAbsent,
  member,
  optional,
  readEntries,
  readFlag,
  readInteger,
  readList,
  readText,
  readTexts,
} from "../../contracts/json-field.js";

/** Go writes what is not set as nothing, `null`, `""`, `0`, `false` or an empty list: all of them are undefined here. */
export function textOf(field: Field, name: string): string | undefined {
  return optional(member(field, name), readText) || undefined;
}

export function flagOf(field: Field, name: string): boolean {
  return optional(member(field, name), readFlag) ?? false;
}

export function numberOf(field: Field, name: string): number | undefined {
  return integerOf(field, name) || undefined;
}

/** The same where 0 has a meaning of its own. */
export function integerOf(field: Field, name: string): number | undefined {
  return optional(member(field, name), (one) => readInteger(one, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
}

export function textsOf(field: Field, name: string): readonly string[] | undefined {
  const texts = optional(member(field, name), (one) => readList(one, readText));
  return texts?.length === 0 ? undefined : texts;
}

/** A command: a list of words, or one word alone. An empty list is undefined. */
export function wordsOf(field: Field, name: string): readonly string[] | undefined {
  const value = member(field, name);
  return typeof value.value === "string" ? [value.value] : textsOf(field, name);
}

export function mapOf(field: Field, name: string): Readonly<Record<string, string>> | undefined {
  const map = optional(member(field, name), readTexts);
  return map === undefined || Object.keys(map).length === 0 ? undefined : map;
}

export function listOf<T>(field: Field, name: string, read: (one: Field) => T): readonly T[] {
  return optional(member(field, name), (one) => readList(one, read)) ?? [];
}

export function entriesOf<T>(
  field: Field,
  name: string,
  read: (one: Field) => T,
): readonly (readonly [name: string, value: T])[] {
  return optional(member(field, name), (one) => readEntries(one, read)) ?? [];
}

/** An object that is missing counts as one without members. */
export function objectOf(field: Field, name: string): Field {
  const one = member(field, name);
  return isAbsent(one) ? { ...one, value: {} } : one;
}
