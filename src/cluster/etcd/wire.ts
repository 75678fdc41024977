import type { ClusterRecord } from "../../contracts/index.js";
import { type Field, member, optional, readList, readWord } from "../../contracts/json-field.js";
import { rangeOf } from "../bounds/range-of.js";

/**
 * The words of etcd's JSON gateway (grpc-gateway over rpc.proto, etcd 3.4): keys and values are base64, int64 are texts of digits, and
 * what is zero, false or empty is left out.
 */

export function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** `key` and `range_end` of a request. */
export function encodeRange(key: string): { readonly key: string; readonly range_end: string } {
  return encodeSpan([key]);
}

/** The same of all between the first and the last of several. */
export function encodeSpan(keys: readonly string[]): { readonly key: string; readonly range_end: string } {
  const ranges = keys.map(rangeOf);
  const [[from] = ["", ""]] = ranges.toSorted(([one], [other]) => (one < other ? -1 : 1));
  const [, end] = ranges.toSorted(([, one], [, other]) => (one < other ? -1 : 1)).at(-1) ?? ["", ""];
  return { key: encode(from), range_end: encode(end) };
}

export function readBytes(field: Field): string {
  return readBuffer(field).toString("utf8");
}

/** The same of what may be no text. */
export function readBuffer(field: Field): Buffer {
  const isBase64 = (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  const text = optional(field, (value) => readWord(value, "base64", isBase64));
  return Buffer.from(text ?? "", "base64");
}

/** A revision or a number of seconds: absent for 0. */
export function readCount(field: Field): number {
  const isCount = (text: string) => /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
  return Number(optional(field, (value) => readWord(value, "a number", isCount)) ?? 0);
}

/** Of a lease; too large for a number. */
export function readLeaseId(field: Field): string {
  return readWord(field, "the id of a lease", (text) => /^-?\d{1,19}$/.test(text));
}

/** mvccpb.KeyValue. */
export function readRecord(field: Field): ClusterRecord {
  return {
    key: readBytes(member(field, "key")),
    value: readBytes(member(field, "value")),
    created: readCount(member(field, "create_revision")),
    modified: readCount(member(field, "mod_revision")),
  };
}

export function readRecords(field: Field): readonly ClusterRecord[] {
  return optional(field, (list) => readList(list, readRecord)) ?? [];
}

/** Of ResponseHeader. */
export function readRevision(reply: Field): number {
  return readCount(member(member(reply, "header"), "revision"));
}
