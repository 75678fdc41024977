import type { Learned } from "../../api/index.js";
import { checkFields, cidr, type Fields, interfaceName, listOf, macAddress, optional } from "./field.js";
import { malformed } from "./malformed.js";
import { isList, plainJson } from "./plain-json.js";

const MAX_CHARACTERS = 65_536;

const fields: Fields = {
  interface: optional(interfaceName),
  mac: optional(macAddress),
  addresses: optional(listOf(cidr)),
};

/** What `learn` returned. */
export function readLearned(answer: unknown): Learned | undefined {
  if (answer === undefined) return undefined;
  const value = plainJson(answer, "what it learned", MAX_CHARACTERS);
  if (typeof value !== "object" || value === null || isList(value)) throw malformed("something else than an object");
  checkFields(value, fields, "an interface");
  return value as Learned;
}
