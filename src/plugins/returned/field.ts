import { isIP } from "node:net";
import { printable } from "../../errors/printable.js";
import { malformed } from "./malformed.js";
import { isList, type Json, type JsonObject, wordsFor } from "./plain-json.js";

/** What one field of a record takes. */
export interface Field {
  readonly takes: (value: Json) => boolean;
  /** Words for that: `an IP address`. */
  readonly expected: string;
  readonly optional?: true;
}

export type Fields = Readonly<Record<string, Field>>;

export function optional(field: Field): Field {
  return { ...field, optional: true };
}

export function listOf({ takes, expected }: Field): Field {
  return { takes: (value) => isList(value) && value.every(takes), expected: `a list, each ${expected}` };
}

export function oneOf(...words: readonly string[]): Field {
  return text((value) => words.includes(value), words.map((word) => `"${word}"`).join(" or "));
}

export function wholeNumber(from: number, to: number): Field {
  return {
    takes: (value) => typeof value === "number" && Number.isInteger(value) && value >= from && value <= to,
    expected: `a whole number from ${from} to ${to}`,
  };
}

export function record(fields: Fields, expected: string): Field {
  return {
    takes: (value) =>
      typeof value === "object" && value !== null && !isList(value) && faultOf(value, fields) === undefined,
    expected,
  };
}

function text(takes: (value: string) => boolean, expected: string): Field {
  return { takes: (value) => typeof value === "string" && takes(value), expected };
}

export const flag: Field = { takes: (value) => typeof value === "boolean", expected: "true or false" };
export const words = text((value) => /^[\x20-\x7e\t]{1,256}$/.test(value), "a line of at most 256 characters of ASCII");
/** IFNAMSIZ − 1 bytes, see dev_valid_name; `all` and `default` mean something else below net/ipv4/conf. */
export const interfaceName = text(
  (value) => /^(?!(all|default)$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(value),
  "an interface name of at most 15 characters",
);
export const macAddress = text((value) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value), "a MAC address");
export const address = text((value) => isAddress(value), "an IP address");
export const cidr = text((value) => isCidr(value), "an IP address with prefix length");
export const path = text((value) => value.length <= 4096, "a path");
/** Of 64 hexadecimal digits. */
export const id = text((value) => /^[0-9a-f]{64}$/.test(value), "an id of 64 hexadecimal digits");
export const parameter = text(
  (value) => /^net(\/(?!\.{1,2}(\/|$))[A-Za-z0-9_.:-]+)+$/.test(value),
  "a path below net/ with slashes",
);

function isAddress(value: string): boolean {
  return isIP(value) !== 0 && !value.includes("%");
}

function isCidr(value: string): boolean {
  const [ip = "", prefix = "", ...rest] = value.split("/");
  return (
    rest.length === 0 && isAddress(ip) && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (ip.includes(":") ? 128 : 32)
  );
}

/** Throws {@link malformed} for the first field that is missing, wrong, or unknown. `what` is the record in words. */
export function checkFields(value: JsonObject, fields: Fields, what: string): void {
  const fault = faultOf(value, fields);
  if (fault !== undefined) throw malformed(`${what} ${fault}`);
}

function faultOf(value: JsonObject, fields: Fields): string | undefined {
  for (const [name, { takes, expected, optional: isOptional }] of Object.entries(fields)) {
    const found = value[name];
    if (found === undefined ? isOptional : takes(found)) continue;
    return `whose ${name} is ${found === undefined ? "missing" : quoted(found)}, which is not ${expected}`;
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  return unknown === undefined ? undefined : `with the unknown field ${quoted(unknown)}`;
}

/** A value in an error, of bounded length. */
export function quoted(value: Json): string {
  if (typeof value === "object") return wordsFor(value);
  const said: string = typeof value === "string" ? value : JSON.stringify(value);
  return `"${printable(said.length > 80 ? `${said.slice(0, 80)}…` : said)}"`;
}
