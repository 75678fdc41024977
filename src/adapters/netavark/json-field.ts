import { TsdError } from "../../errors/tsd-error.js";

/** A value of a JSON document, and where it stands: `networks.web.static_ips`. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
}

type Read<T> = (field: Field) => T;

/** Throws `invalid-input`, as all readers of this file do. `what` names the document. */
export function parseDocument(text: string, what: string): Field {
  try {
    return { value: JSON.parse(text), path: what };
  } catch (error) {
    throw refusal({ value: text.slice(0, 60), path: what }, `JSON (${(error as Error).message})`);
  }
}

export function member(field: Field, name: string): Field {
  const own = Object.getOwnPropertyDescriptor(requireObject(field), name);
  return { value: own?.value, path: `${field.path}.${name}` };
}

/** Go writes what is not set as `null`, or leaves it out. */
export function isAbsent({ value }: Field): boolean {
  return value === undefined || value === null;
}

export function optional<T>(field: Field, read: Read<T>): T | undefined {
  return isAbsent(field) ? undefined : read(field);
}

export function readText(field: Field): string {
  return typeof field.value === "string" ? field.value : fail(field, "a string");
}

/** `expected` are words for what `isValid` accepts. */
export function readWord(field: Field, expected: string, isValid: (text: string) => boolean): string {
  const text = readText(field);
  return isValid(text) ? text : fail(field, expected);
}

export function readFlag(field: Field): boolean {
  return typeof field.value === "boolean" ? field.value : fail(field, "true or false");
}

export function readInteger(field: Field, first: number, last: number): number {
  const { value } = field;
  const fits = Number.isInteger(value) && Number(value) >= first && Number(value) <= last;
  return fits ? Number(value) : fail(field, `a whole number from ${first} to ${last}`);
}

export function readList<T>(field: Field, read: Read<T>): readonly T[] {
  if (!Array.isArray(field.value)) return fail(field, "a list");
  return field.value.map((value: unknown, at) => read({ value, path: `${field.path}[${at}]` }));
}

export function readEntries<T>(field: Field, read: Read<T>): readonly (readonly [name: string, value: T])[] {
  return Object.keys(requireObject(field)).map((name) => [name, read(member(field, name))]);
}

export function readTexts(field: Field): Readonly<Record<string, string>> {
  return Object.fromEntries(readEntries(field, readText));
}

function requireObject(field: Field): object {
  const { value } = field;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  return fail(field, "an object");
}

function fail(field: Field, expected: string): never {
  throw refusal(field, expected);
}

function refusal({ value, path }: Field, expected: string): TsdError {
  const shown = value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_NETAVARK_INPUT",
    message: `${path} is not ${expected}: ${shown}`,
    details: { path },
  });
}
