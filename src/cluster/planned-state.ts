import type { OnStep } from "../api/index.js";
import type {
  ClusterBatch,
  ClusterChange,
  ClusterLease,
  ClusterOutcome,
  ClusterRecord,
  ClusterState,
  Reading,
  WatchedPlace,
} from "../contracts/index.js";
import { keyHolds } from "./bounds/key-holds.js";
import { rangeOf } from "./bounds/range-of.js";

/** A state that is read and never written: changes are reported, and seen by who made them, as if they had been. */
export class PlannedState implements ClusterState {
  private readonly imagined = new Map<string, ClusterRecord | undefined>();
  private changes = 0;
  /** Of the last reading. */
  private revision = 0;

  /** `place` is where it is, in words, where `real` stands in for what is not made yet. */
  constructor(
    private readonly real: ClusterState,
    private readonly tell: OnStep,
    readonly place: string = real.place,
  ) {}

  async read(key: string, most?: number, from?: string): Promise<Reading> {
    const { revision, records, total } = await this.real.read(key, most, from);
    const [start, end] = rangeOf(key);
    const first = from ?? start;
    const found = new Map(records.map((record) => [record.key, record]));
    const { size } = found;
    for (const [name, record] of this.imagined) {
      if (record === undefined) found.delete(name);
      else if (name >= first && name < end) found.set(name, record);
    }
    this.revision = revision + this.changes;
    return {
      revision: this.revision,
      records: [...found.values()].sort(byKey).slice(0, most),
      total: total + found.size - size,
    };
  }

  async commit({ require, put, remove }: ClusterChange): Promise<ClusterOutcome> {
    const found: ClusterRecord[] = [];
    let committed = true;
    for (const requirement of require) {
      if (!("key" in requirement)) continue;
      const record = (await this.read(requirement.key)).records.find(({ key }) => key === requirement.key);
      if (record !== undefined) found.push(record);
      committed &&= keyHolds(requirement, record);
    }
    if (!committed) return { committed, revision: this.revision, found };
    this.changes += 1;
    this.revision += 1;
    const { revision } = this;
    for (const prefix of remove)
      for (const { key } of (await this.read(prefix)).records) this.imagined.set(key, undefined);
    for (const { key, value } of put) this.imagined.set(key, { key, value, created: revision, modified: revision });
    for (const key of remove) this.tell({ verb: "run", what: `remove ${key} from ${this.place}`, sends: [] });
    for (const { key, value } of put) this.tell({ verb: "run", what: `write ${key} to ${this.place}`, sends: [value] });
    return { committed, revision, found };
  }

  watch(places: readonly WatchedPlace[], revision: number, signal: AbortSignal): AsyncIterable<ClusterBatch> {
    return this.real.watch(places, revision, signal);
  }

  async lease(): Promise<ClusterLease> {
    return { id: "imagined", keepAlive: async () => true, revoke: async () => undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.real[Symbol.asyncDispose]();
  }
}

function byKey(a: ClusterRecord, b: ClusterRecord): number {
  return a.key < b.key ? -1 : 1;
}
