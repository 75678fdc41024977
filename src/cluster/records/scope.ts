import type { ClusterRecord, ClusterState } from "../../contracts/index.js";
import type { Field } from "../../contracts/json-field.js";
import { decode, type Entry, entryOf } from "./decode.js";
import { Keys } from "./keys.js";

/** One cluster's records in a state. */
export class Scope {
  readonly keys: Keys;

  constructor(
    readonly state: ClusterState,
    readonly cluster: string,
  ) {
    this.keys = new Keys(cluster);
  }

  /** The record with exactly this key; undefined for none. Throws `invalid-input` for what is not tsd's. */
  async find<T>(key: string, read: (field: Field) => T): Promise<Entry<T> | undefined> {
    const { records } = await this.state.read(key);
    return this.among(records, key, read);
  }

  /** As {@link Scope.find}, in what was read. */
  among<T>(records: readonly ClusterRecord[], key: string, read: (field: Field) => T): Entry<T> | undefined {
    const record = records.find((one) => one.key === key);
    return record === undefined ? undefined : entryOf(this.state.place, record, read);
  }

  decode<T>(record: Pick<ClusterRecord, "key" | "value">, read: (field: Field) => T): T {
    return decode(this.state.place, record, read);
  }
}

export function put(key: string, value: unknown): { readonly key: string; readonly value: string } {
  return { key, value: JSON.stringify(value) };
}
