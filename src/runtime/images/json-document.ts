import { damagedArchive } from "./damaged-archive.js";

/** A parsed JSON document that nobody has checked. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Parses a document of an image. Throws `invalid-input`; `archive` names where it lies. */
export function parseJson(document: Buffer, archive: string): Json {
  try {
    return JSON.parse(document.toString("utf8"));
  } catch (cause) {
    throw damagedArchive(archive, "is damaged: one of its JSON documents cannot be read", cause);
  }
}

/** The object; an empty one for anything else, so that missing and null parts read alike. */
export function readObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The list; an empty one for anything else. */
export function readList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The text; an empty one for anything else. */
export function readText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
