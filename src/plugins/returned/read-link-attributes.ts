import { types } from "node:util";
import type { LinkAttribute } from "../../api/index.js";
import { malformed } from "./malformed.js";

/** A link message is one of at most some pages; the kernel's own nesting is three deep. */
const MAX_ATTRIBUTES = 256;
const MAX_BYTES = 4096;
const MAX_DEPTH = 8;

/** `nla_type` without its two flags (<linux/netlink.h>). */
const MAX_TYPE = 0x3fff;
const limits = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff } as const;

/** What `data` of a link type returned: a copy. */
export function readLinkAttributes(answer: unknown): readonly LinkAttribute[] {
  return readList(answer, 0);
}

function readList(answer: unknown, depth: number): readonly LinkAttribute[] {
  if (!Array.isArray(answer) || types.isProxy(answer)) throw malformed("something else than a list of attributes");
  if (answer.length > MAX_ATTRIBUTES || depth > MAX_DEPTH) throw malformed("more attributes than a message holds");
  return Array.from(answer, (item: unknown) => readAttribute(item, depth));
}

function readAttribute(item: unknown, depth: number): LinkAttribute {
  if (typeof item !== "object" || item === null || types.isProxy(item))
    throw malformed("an attribute that is no object");
  const { type, ...values } = item as Readonly<Record<string, unknown>>;
  const [[form, value] = ["", undefined], ...others] = Object.entries(values);
  if (!isNumber(type, MAX_TYPE) || type === 0 || others.length > 0)
    throw malformed("an attribute without type and value");
  if (form === "nested") return { type, nested: readList(value, depth + 1) };
  if (form === "bytes" && types.isUint8Array(value) && value.length <= MAX_BYTES)
    return { type, bytes: Uint8Array.from(value) };
  if (form === "u8" && isNumber(value, limits.u8)) return { type, u8: value };
  if (form === "u16" && isNumber(value, limits.u16)) return { type, u16: value };
  if (form === "u32" && isNumber(value, limits.u32)) return { type, u32: value };
  throw malformed(`attribute ${type} with a value that does not fit`);
}

function isNumber(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}
