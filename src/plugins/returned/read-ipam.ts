import type { Pool } from "../../api/index.js";
import { address, checkFields, cidr, type Field, optional } from "./field.js";
import { malformed } from "./malformed.js";
import { isList, plainJson, plainObject } from "./plain-json.js";

const MAX_CHARACTERS = 65_536;

/** Addresses by what the user calls them. */
const auxiliary: Field = {
  takes: (value) =>
    typeof value === "object" && value !== null && !isList(value) && Object.values(value).every(address.takes),
  expected: "addresses by name",
};

/** What `proposePool` returned. */
export function readPool(answer: unknown): Pool {
  const pool = plainObject(answer, "a pool", MAX_CHARACTERS);
  checkFields(pool, { cidr, gateway: address, range: optional(cidr), auxiliary: optional(auxiliary) }, "a pool");
  return pool as unknown as Pool;
}

/** What `proposeAddress` returned. */
export function readAddress(answer: unknown): string {
  const found = plainJson(answer, "an address", 100);
  if (typeof found === "string" && address.takes(found)) return found;
  throw malformed("something else than an IP address without prefix length");
}
