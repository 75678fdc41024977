import { types } from "node:util";
import { malformed } from "./malformed.js";

/** Plain JSON, as a copy that no other code holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const MAX_DEPTH = 32;

/** What is left of a limit, in characters. */
interface Room {
  left: number;
}

/**
 * Copies a value that is plain JSON. Throws {@link malformed} for anything that JSON would leave out, change or run: functions,
 * accessors, proxies, instances, cycles, big integers; and for more than `limit` characters. As in JSON, a property that is
 * undefined is none.
 */
export function plainJson(value: unknown, what: string, limit: number): Json {
  return copy(value, { what, depth: 0, room: { left: limit } });
}

/** The same for a value that must be an object. */
export function plainObject(value: unknown, what: string, limit: number): JsonObject {
  const copied = plainJson(value, what, limit);
  if (typeof copied === "object" && copied !== null && !isList(copied)) return copied;
  throw malformed(`${wordsFor(copied)}, where ${what} is expected`);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** What a value is, in words: `a number`, `a function`. */
export function wordsFor(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

interface Place {
  readonly what: string;
  readonly depth: number;
  readonly room: Room;
}

function copy(value: unknown, place: Place): Json {
  take(place, 1);
  if (place.depth > MAX_DEPTH) throw malformed(`${place.what} that is nested more than ${MAX_DEPTH} deep`);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string") {
    take(place, value.length);
    if (value.isWellFormed()) return value;
  }
  if (typeof value !== "object") throw malformed(`${place.what} with ${wordsFor(value)} that is not plain JSON`);
  if (types.isProxy(value)) throw malformed(`${place.what} with a proxy`);
  return Array.isArray(value) ? copyList(value, place) : copyObject(value, place);
}

function copyList(list: readonly unknown[], place: Place): Json {
  take(place, list.length);
  return Array.from({ length: list.length }, (_, index) => copy(propertyOf(list, String(index), place), deeper(place)));
}

function copyObject(value: object, place: Place): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  // That of another realm is plain as well.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw malformed(`${place.what} with an instance of a class`);
  }
  const entries = Reflect.ownKeys(value).flatMap((key): readonly (readonly [string, Json])[] => {
    if (typeof key === "symbol" || key === "__proto__") throw malformed(`${place.what} with the key ${String(key)}`);
    take(place, key.length + 4);
    const item = propertyOf(value, key, place);
    return item === undefined ? [] : [[key, copy(item, deeper(place))]];
  });
  return Object.fromEntries(entries);
}

/** Runs no accessor. */
function propertyOf(holder: object, key: string, { what }: Place): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  if (property !== undefined && !("value" in property)) throw malformed(`${what} with an accessor`);
  return property?.value;
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

function take({ room, what }: Place, characters: number): void {
  room.left -= characters;
  if (room.left < 0) throw malformed(`${what} that is too large`);
}
