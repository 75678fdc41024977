import type { ClusterBatch, Reading } from "../../contracts/index.js";
import { LONGEST } from "./read-record.js";

export interface SharedRecord {
  /** Empty where it is longer than any of use: the key is taken all the same. */
  readonly value: string;
  /** Revision of its first write since it was absent: the lower, the earlier. */
  readonly created: number;
  /** Revision of its last write. */
  readonly modified: number;
}

/** Records below one prefix, by the rest of their keys. */
export type Records = ReadonlyMap<string, SharedRecord>;

/** Records of one network. */
export interface NetworkRecords {
  /** Of all hosts, by name. */
  readonly hosts: Records;
  readonly members: Records;
  /** By block, with `_` for `/`. */
  readonly blocks: Records;
  /** By endpoint's id. */
  readonly endpoints: Records;
  /** By address. */
  readonly held: Records;
}

/** Names of records that were written or removed; undefined: any. */
export type ChangedRecords = { readonly [Place in keyof NetworkRecords]: ReadonlySet<string> | undefined };

/** Names that are kept: of more than that it is cheaper to look at all. */
const MOST_CHANGED = 10_000;
/** Characters of keys and values below one prefix: 50,000 endpoints have fewer. What is beyond that would fill this host's memory. */
const MOST = 16 * 2 ** 20;

interface Part {
  readonly revision: number;
  readonly records: Map<string, SharedRecord>;
  size: number;
  isCutShort: boolean;
  /** Names of records that changed since that was asked last; undefined: any. */
  changed: Set<string> | undefined;
}

/** What is known of the cluster's state below a few prefixes, from readings of each and the changes after them. */
export class SharedRecords {
  private readonly parts = new Map<string, Part>();

  /** Revision after which changes are not known. */
  get revision(): number {
    return Math.min(...[...this.parts.values()].map(({ revision }) => revision));
  }

  /** In place of all that was known below that prefix. */
  take(prefix: string, { revision, records }: Omit<Reading, "total">): void {
    const part: Part = {
      ...{ revision, records: new Map(), size: 0 },
      ...{ isCutShort: false, changed: undefined },
    };
    for (const { key, ...record } of records) put(part, key.slice(prefix.length), record);
    this.parts.set(prefix, part);
  }

  /** Takes changes over; those that a later reading of their prefix had already mean nothing. */
  apply({ revision, changes }: ClusterBatch): void {
    for (const { key, value } of changes)
      for (const [prefix, part] of this.parts) {
        if (!key.startsWith(prefix) || revision <= part.revision) continue;
        const name = key.slice(prefix.length);
        const created = part.records.get(name)?.created ?? revision;
        remove(part, name);
        note(part, name);
        if (value !== undefined) put(part, name, { value, created, modified: revision });
      }
  }

  /** Names of those below a prefix that changed since this was asked last; undefined: any. */
  changedBelow(prefix: string): ReadonlySet<string> | undefined {
    const part = this.parts.get(prefix);
    const changed = part?.changed;
    if (part !== undefined) part.changed = new Set();
    return changed;
  }

  below(prefix: string): Records {
    return this.parts.get(prefix)?.records ?? new Map();
  }

  /** Keys that begin so, in any of the parts. */
  keysBelow(prefix: string): readonly string[] {
    return [...this.parts]
      .flatMap(([place, { records }]) => [...records.keys()].map((name) => place + name))
      .filter((key) => key.startsWith(prefix));
  }

  /** Undefined if it is absent. */
  at(key: string): SharedRecord | undefined {
    for (const [prefix, { records }] of this.parts) {
      const record = key.startsWith(prefix) ? records.get(key.slice(prefix.length)) : undefined;
      if (record !== undefined) return record;
    }
    return undefined;
  }

  /** Prefixes below which there is more than this host keeps. */
  get cutShort(): readonly string[] {
    return [...this.parts].filter(([, { isCutShort }]) => isCutShort).map(([prefix]) => prefix);
  }
}

function put(part: Part, name: string, record: SharedRecord): void {
  const value = record.value.length > LONGEST ? "" : record.value;
  const size = name.length + value.length;
  if (part.size + size > MOST) {
    part.isCutShort = true;
    return;
  }
  part.size += size;
  part.records.set(name, { value, created: record.created, modified: record.modified });
}

function note(part: Part, name: string): void {
  part.changed?.add(name);
  if ((part.changed?.size ?? 0) > MOST_CHANGED) part.changed = undefined;
}

function remove(part: Part, name: string): void {
  const known = part.records.get(name);
  if (known === undefined) return;
  part.size -= name.length + known.value.length;
  part.records.delete(name);
}

/** In the order of their first writes, so that of two which claim the same the earlier one is met first. */
export function inOrder(records: Records): readonly (readonly [name: string, record: SharedRecord])[] {
  return [...records].sort(([a, one], [b, other]) => one.created - other.created || (a < b ? -1 : 1));
}
