import { printable } from "../errors/printable.js";

/** A value of a JSON document of others', and where it stands: `networks.web.static_ips`. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
  readonly refuse: Refuse;
}

/** Makes the error for what is wrong in a document; `fault` is a clause that names the field and its value. */
export type Refuse = (fault: string, path: string) => Error;

type Read<T> = (field: Field) => T;

/** Longer values are cut short in errors. */
const LONGEST = 60;

/** Throws what `refuse` makes, as all readers of this file do. `what` names the document. */
export function parseDocument(text: string, what: string, refuse: Refuse): Field {
  try {
    return { value: JSON.parse(text), path: what, refuse };
  } catch (error) {
    return fail({ value: text, path: what, refuse }, `JSON (${printable((error as Error).message)})`);
  }
}

export function member(field: Field, name: string): Field {
  const own = Object.getOwnPropertyDescriptor(requireObject(field), name);
  return { ...field, value: own?.value, path: `${field.path}.${short(name)}` };
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
  return field.value.map((value: unknown, at) => read({ ...field, value, path: `${field.path}[${at}]` }));
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

function fail({ value, path, refuse }: Field, expected: string): never {
  throw refuse(`${path} is not ${expected}: ${shown(value)}`, path);
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return short(JSON.stringify(value));
}

function short(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
