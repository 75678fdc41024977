import { TsdError } from "../../errors/tsd-error.js";

/** A value of a request, and where it stands: `Interface.Address`. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
}

type Read<T> = (field: Field) => T;

const WHOLE = "the request";

/**
 * The body of a request. None counts as an object without members, as `null` does. Throws `invalid-input`, as all readers of
 * this file do.
 */
export function parseBody(text: string): Field {
  try {
    return { value: text.trim() === "" ? {} : (JSON.parse(text) ?? {}), path: WHOLE };
  } catch (error) {
    return fail({ value: text.slice(0, 60), path: WHOLE }, `JSON (${(error as Error).message})`);
  }
}

/** Go reads names of members in any case, and writes them in one. */
export function member(field: Field, name: string): Field {
  const own = Object.getOwnPropertyDescriptor(requireObject(field), name);
  return { value: own?.value, path: field.path === WHOLE ? name : `${field.path}.${name}` };
}

/** Go writes what is not set as `null` or `""`, or leaves it out. */
export function optional<T>(field: Field, read: Read<T>): T | undefined {
  const { value } = field;
  return value === undefined || value === null || value === "" ? undefined : read(field);
}

export function readText(field: Field): string {
  return typeof field.value === "string" ? field.value : fail(field, "a string");
}

/** `expected` are words for what `pattern` matches. */
export function readWord(field: Field, pattern: RegExp, expected: string): string {
  const text = readText(field);
  return pattern.test(text) ? text : fail(field, expected);
}

export function readFlag(field: Field): boolean {
  return typeof field.value === "boolean" ? field.value : fail(field, "true or false");
}

export function readInteger(field: Field, last: number): number {
  const { value } = field;
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= last
    ? Number(value)
    : fail(field, `a whole number from 0 to ${last}`);
}

export function readList<T>(field: Field, read: Read<T>): readonly T[] {
  if (!Array.isArray(field.value)) return fail(field, "a list");
  return field.value.map((value: unknown, at) => read({ value, path: `${field.path}[${at}]` }));
}

export function readEntries<T>(field: Field, read: Read<T>): readonly (readonly [name: string, value: T])[] {
  return Object.keys(requireObject(field)).map((name) => [name, read(member(field, name))]);
}

function requireObject(field: Field): object {
  const { value } = field;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : fail(field, "an object");
}

function fail({ value, path }: Field, expected: string): never {
  const shown = value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_DOCKER_REQUEST",
    message: `${path} is not ${expected}: ${shown}`,
    details: { path },
  });
}
