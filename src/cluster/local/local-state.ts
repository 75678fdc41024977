import { setTimeout as pause } from "node:timers/promises";
import type {
  ClusterBatch,
  ClusterChange,
  ClusterLease,
  ClusterOutcome,
  ClusterRecord,
  ClusterState,
  Reading,
  Requirement,
  WatchedPlace,
} from "../../contracts/index.js";
import type { Connection } from "../../store/connection.js";
import { checkChange } from "../bounds/check-change.js";
import { historyGone, leaseEnded, putBack } from "../bounds/failures.js";
import { keyHolds } from "../bounds/key-holds.js";
import { rangeOf, within } from "../bounds/range-of.js";
import { Leases } from "./leases.js";

export interface LocalStateOptions {
  /** How many revisions can be watched from; default 10 000. */
  readonly kept?: number;
}

const KEPT = 10_000;
/** Milliseconds between two looks of a watch. */
const LOOK = 200;

const columns = "key, value, created, modified";

/** The state of a cluster of this host alone, in a database of its own. Times are those of etcd: leases, revisions, what a watch shows. */
export class LocalState implements ClusterState {
  readonly place: string;
  private readonly leases: Leases;
  private readonly kept: number;

  constructor(
    private readonly connection: Connection,
    { kept = KEPT }: LocalStateOptions = {},
  ) {
    this.place = `the state of this host alone in ${connection.path}`;
    this.kept = kept;
    this.leases = new Leases(connection, () => this.removeUnleased());
  }

  async read(key: string, most = -1, from?: string): Promise<Reading> {
    const [first, end] = rangeOf(key);
    this.leases.settle();
    // One statement, so that all is of one moment.
    const rows = this.connection.all<{ last: number; total: number } & ClusterRecord>(
      `SELECT last, count(key) OVER () AS total, ${columns} FROM revisions LEFT JOIN records ON key >= ? AND key < ? ORDER BY key LIMIT ?`,
      from ?? first,
      end,
      most,
    );
    const records = rows.filter((row) => row.key !== null);
    return {
      revision: rows[0]?.last ?? 0,
      records: records.map(({ last: _, total: __, ...record }) => record),
      total: rows[0]?.total ?? 0,
    };
  }

  async commit(change: ClusterChange): Promise<ClusterOutcome> {
    checkChange(change);
    return this.connection.transaction(() => {
      this.leases.settle();
      if (!change.require.every((requirement) => this.holds(requirement))) {
        const found = change.require.map((requirement) =>
          "key" in requirement ? this.find(requirement.key) : undefined,
        );
        return { committed: false, revision: this.last(), found: found.filter((record) => record !== undefined) };
      }
      const revision = this.last() + 1;
      for (const key of change.remove) this.remove(key, revision);
      for (const { key, value, lease } of change.put) this.put({ key, value }, lease, revision);
      return { committed: true, revision: this.end(revision), found: [] };
    });
  }

  async *watch(places: readonly WatchedPlace[], revision: number, signal: AbortSignal): AsyncGenerator<ClusterBatch> {
    let seen = revision;
    while (!signal.aborted) {
      this.leases.settle();
      const { last = 0, kept = 0 } =
        this.connection.get<{ last: number; kept: number }>("SELECT last, kept FROM revisions") ?? {};
      if (seen + 1 < kept) throw historyGone(this.place, seen, kept);
      if (last < seen) throw putBack(this.place, seen, last);
      if (last > seen) yield* this.changesFrom(seen + 1, last, within(places.flat()));
      seen = last;
      await pause(LOOK, undefined, { signal }).catch(() => undefined);
    }
  }

  async lease(seconds: number): Promise<ClusterLease> {
    return this.leases.grant(seconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.close();
  }

  private find(key: string): ClusterRecord | undefined {
    return this.connection.get<ClusterRecord>(`SELECT ${columns} FROM records WHERE key = ?`, key);
  }

  private holds(requirement: Requirement): boolean {
    if ("below" in requirement) {
      const { below, unchangedSince } = requirement;
      const sql = "SELECT 1 FROM records WHERE key >= ? AND key < ? AND modified > ? LIMIT 1";
      return this.connection.get(sql, ...rangeOf(below), unchangedSince) === undefined;
    }
    return keyHolds(requirement, this.find(requirement.key));
  }

  private last(): number {
    return this.connection.get<{ last: number }>("SELECT last FROM revisions")?.last ?? 0;
  }

  private put({ key, value }: { key: string; value: string }, lease: string | undefined, revision: number): void {
    if (lease !== undefined && !this.leases.isAlive(lease)) throw leaseEnded(this.place, lease);
    const sql = `INSERT INTO records VALUES (?1, ?2, ?3, ?3, ?4)
      ON CONFLICT (key) DO UPDATE SET value = ?2, modified = ?3, lease = ?4`;
    this.connection.write(sql, key, value, revision, lease ?? null);
    this.connection.write("INSERT INTO history VALUES (?, ?, ?)", revision, key, value);
  }

  private remove(key: string, revision: number): void {
    this.removeWhere("key >= ? AND key < ?", rangeOf(key), revision);
  }

  private removeUnleased(): void {
    const revision = this.last() + 1;
    this.removeWhere("lease IS NOT NULL AND lease NOT IN (SELECT id FROM leases)", [], revision);
    this.end(revision);
  }

  private removeWhere(condition: string, values: readonly string[], revision: number): void {
    this.connection.write(
      `INSERT INTO history SELECT ?, key, NULL FROM records WHERE ${condition}`,
      revision,
      ...values,
    );
    this.connection.write(`DELETE FROM records WHERE ${condition}`, ...values);
  }

  /** Makes `revision` the last one if something was written in it, and returns the last. */
  private end(revision: number): number {
    if (this.connection.get("SELECT 1 FROM history WHERE revision = ? LIMIT 1", revision) === undefined)
      return revision - 1;
    this.connection.write("UPDATE revisions SET last = ?, kept = max(kept, ?)", revision, revision - this.kept + 1);
    this.connection.write("DELETE FROM history WHERE revision <= ?", revision - this.kept);
    return revision;
  }

  private *changesFrom(from: number, to: number, isMeant: (key: string) => boolean): Generator<ClusterBatch> {
    const rows = this.connection.all<{ revision: number; key: string; value: string | null }>(
      "SELECT revision, key, value FROM history WHERE revision BETWEEN ? AND ? ORDER BY revision, key",
      from,
      to,
    );
    const batches = Map.groupBy(
      rows.filter(({ key }) => isMeant(key)),
      ({ revision }) => revision,
    );
    for (const [revision, changes] of batches)
      yield { revision, changes: changes.map(({ key, value }) => (value === null ? { key } : { key, value })) };
  }
}
