import { isUtf8 } from "node:buffer";
import type { ClusterRecord } from "../../contracts/index.js";
import { type Field, member, optional, readFlag, readList } from "../../contracts/json-field.js";
import { notEtcd } from "./failures.js";
import { readBuffer, readCount, readRecord, readRevision } from "./wire.js";

/** One reply of those by which etcd sends many records. */
export interface Page {
  readonly revision: number;
  /** Without those whose keys are no UTF-8, which are none of tsd's. */
  readonly records: readonly ClusterRecord[];
  /** Of this page and all after it. */
  readonly total: number;
  /** Of all keys and values, in characters. */
  readonly size: number;
  /** Key of the last record, as etcd has it; absent: no more follow. */
  readonly last?: Buffer;
}

/** RangeResponse of what comes after a key. Throws a MemberFault where it does not come after it: that would never end. */
export function readPage(reply: Field, after: Buffer | undefined): Page {
  const kvs = optional(member(reply, "kvs"), (list) => readList(list, readRaw)) ?? [];
  const last = kvs.at(-1)?.key;
  const more = optional(member(reply, "more"), readFlag) ?? false;
  if (last !== undefined && after !== undefined && Buffer.compare(last, after) <= 0)
    throw notEtcd("it sends the same records again and again");
  return {
    revision: readRevision(reply),
    records: kvs.flatMap(({ key, record }) => (isUtf8(key) ? record : [])),
    total: readCount(member(reply, "count")),
    size: kvs.reduce((sum, { key, record }) => sum + key.length + record.value.length, 0),
    ...(more && last !== undefined ? { last } : {}),
  };
}

function readRaw(kv: Field): { readonly key: Buffer; readonly record: ClusterRecord } {
  return { key: readBuffer(member(kv, "key")), record: readRecord(kv) };
}
