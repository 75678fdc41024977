import { checkChange } from "../../../src/cluster/bounds/check-change.js";
import { within } from "../../../src/cluster/bounds/range-of.js";
import type {
  ClusterBatch,
  ClusterChange,
  ClusterLease,
  ClusterOutcome,
  ClusterRecord,
  ClusterState,
  Reading,
  Requirement,
} from "../../../src/contracts/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

/** What etcd has in common with a map: revisions, requirements, watches, leases, and that it can be lost or put back. */
export class MemoryCluster {
  revision = 1;
  records = new Map<string, ClusterRecord>();
  /** Every verb throws. */
  isDown = false;
  /** Nothing is committed: another host is always earlier. */
  isOvertaken = false;
  /** What commits wait for before they are done. */
  hold: Promise<void> | undefined;
  reads = 0;
  commits = 0;
  /** Characters of the largest change. */
  largest = 0;
  readonly leases = new Map<string, readonly string[]>();
  private readonly watchers = new Set<(batch: ClusterBatch | Error) => void>();

  /** As one host sees it. */
  readonly state: ClusterState = {
    place: "memory",
    read: async (prefix, most, from) => this.read(prefix, most, from),
    commit: async (change) => {
      await this.hold;
      return this.commit(change);
    },
    watch: (places, revision, signal) => this.watch(places.flat(), revision, signal),
    lease: async () => this.lease(),
    [Symbol.asyncDispose]: async () => undefined,
  };

  /** Writes as another host would; undefined removes. */
  write(changes: Readonly<Record<string, unknown>>): void {
    const entries = Object.entries(changes);
    this.apply({
      require: [],
      put: entries.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: JSON.stringify(value) }])),
      remove: entries.flatMap(([key, value]) => (value === undefined ? [key] : [])),
    });
  }

  value(key: string): unknown {
    const text = this.records.get(key)?.value;
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** All but what says that hosts are alive. */
  get lasting(): ReadonlyMap<string, unknown> {
    return new Map(
      [...this.records.keys()].filter((key) => !key.includes("/alive/")).map((key) => [key, this.value(key)]),
    );
  }

  backup(): () => void {
    const [revision, records] = [this.revision, new Map(this.records)];
    return () => {
      [this.revision, this.records] = [revision, new Map(records)];
      this.leases.clear();
      this.fail(new Error("the member was stopped"));
    };
  }

  /** Ends every watch. */
  fail(error: Error): void {
    for (const report of this.watchers) report(error);
  }

  endLeases(): void {
    for (const keys of this.leases.values()) this.apply({ require: [], put: [], remove: keys });
    this.leases.clear();
  }

  private refuseDown(): void {
    if (!this.isDown) return;
    throw new TsdError({ kind: "runtime", code: "TSD_CLUSTER_UNREACHABLE", message: "memory cannot be reached" });
  }

  private read(prefix: string, most?: number, from = prefix): Reading {
    this.refuseDown();
    this.reads++;
    const records = [...this.records.values()].filter(({ key }) => key.startsWith(prefix) && key >= from);
    const { length: total } = records;
    return { revision: this.revision, records: records.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, most), total };
  }

  private commit(change: ClusterChange): ClusterOutcome {
    this.refuseDown();
    checkChange(change);
    this.commits++;
    const size = change.put.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
    this.largest = Math.max(this.largest, size);
    if (!this.isOvertaken && change.require.every((one) => this.holds(one))) {
      this.apply(change);
      return { committed: true, revision: this.revision, found: [] };
    }
    const found = change.require.flatMap((one) => ("key" in one ? (this.records.get(one.key) ?? []) : []));
    return { committed: false, revision: this.revision, found };
  }

  private holds(requirement: Requirement): boolean {
    if ("below" in requirement) throw new Error("no host asks for that here");
    const modified = this.records.get(requirement.key)?.modified ?? 0;
    if ("modified" in requirement) return modified === requirement.modified;
    return requirement.is === "absent" ? modified === 0 : modified > 0;
  }

  private apply({ put, remove: places }: ClusterChange): void {
    const revision = ++this.revision;
    const isGone = within(places);
    const remove = [...this.records.keys()].filter(isGone);
    for (const { key, value, lease } of put) {
      const created = this.records.get(key)?.created ?? revision;
      this.records.set(key, { key, value, created, modified: revision });
      if (lease !== undefined) this.leases.set(lease, [...(this.leases.get(lease) ?? []), key]);
    }
    for (const key of remove) this.records.delete(key);
    const changes = [...put.map(({ key, value }) => ({ key, value })), ...remove.map((key) => ({ key }))];
    for (const report of this.watchers) report({ revision, changes });
  }

  private async *watch(
    prefixes: readonly string[],
    _revision: number,
    signal: AbortSignal,
  ): AsyncGenerator<ClusterBatch> {
    this.refuseDown();
    const queue: (ClusterBatch | Error)[] = [];
    let wake = (): void => undefined;
    const report = (batch: ClusterBatch | Error): void => {
      queue.push(batch);
      wake();
    };
    this.watchers.add(report);
    signal.addEventListener("abort", () => wake());
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        if (!("changes" in next)) throw next;
        const changes = next.changes.filter(({ key }) => prefixes.some((prefix) => key.startsWith(prefix)));
        if (changes.length > 0) yield { revision: next.revision, changes };
      }
    } finally {
      this.watchers.delete(report);
    }
  }

  private lease(): ClusterLease {
    this.refuseDown();
    const id = `${this.leases.size + this.revision}`;
    this.leases.set(id, []);
    return {
      id,
      keepAlive: async () => {
        this.refuseDown();
        return this.leases.has(id);
      },
      revoke: async () => {
        const keys = this.leases.get(id) ?? [];
        this.leases.delete(id);
        if (keys.length > 0) this.apply({ require: [], put: [], remove: keys });
      },
    };
  }
}
