import type { Availability, Damage, Orphan } from "../../api/index.js";
import { boundedText } from "./bounded-text.js";
import { checkFields, type Field, type Fields, flag, oneOf, optional } from "./field.js";
import { malformed } from "./malformed.js";
import { isList, type JsonObject, plainJson, plainObject } from "./plain-json.js";

const MAX_CHARACTERS = 1_048_576;
const text: Field = { takes: (value) => typeof value === "string", expected: "text" };

/** What `probe` returned. */
export function readAvailability(answer: unknown): Availability {
  const found = plainObject(answer, "an availability", 10_000);
  const usable: Fields = { usable: flag, version: text };
  checkFields(found, found.usable === true ? usable : { usable: flag, reason: text, hint: text }, "an availability");
  return withBoundedText(found) as unknown as Availability;
}

/** What `ruleFor` returned. */
export function readRule(answer: unknown): string | undefined {
  if (answer === undefined) return undefined;
  if (typeof answer === "string") return boundedText(answer);
  throw malformed("a rule that is no text");
}

/** What the `orphans` of a sweeper returned. */
export function readOrphans(answer: unknown): readonly Orphan[] {
  const standing = optional(oneOf("unmarked", "ownerless"));
  return readList(answer, { kind: text, what: text, why: text, standing }, "an orphan") as unknown as readonly Orphan[];
}

/** What the `inspect` of a skeleton returned. */
export function readDamages(answer: unknown): readonly Damage[] {
  return readList(answer, { where: text, what: text }, "a damage") as unknown as readonly Damage[];
}

function readList(answer: unknown, fields: Fields, what: string): readonly JsonObject[] {
  const list = plainJson(answer, "a list", MAX_CHARACTERS);
  if (!isList(list)) throw malformed(`something else than a list, each ${what}`);
  return list.map((item) => {
    const found = plainObject(item, what, MAX_CHARACTERS);
    checkFields(found, fields, what);
    return withBoundedText(found);
  });
}

function withBoundedText(found: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => [key, typeof value === "string" ? boundedText(value) : value]),
  );
}
