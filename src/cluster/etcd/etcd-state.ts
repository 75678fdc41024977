import type {
  ClusterBatch,
  ClusterChange,
  ClusterLease,
  ClusterOutcome,
  ClusterRecord,
  ClusterState,
  Reading,
} from "../../contracts/index.js";
import { member, optional, readFlag } from "../../contracts/json-field.js";
import { checkChange } from "../bounds/check-change.js";
import { leaseEnded } from "../bounds/failures.js";
import { refused } from "./failures.js";
import { Gateway } from "./gateway.js";
import { grpc } from "./refusal.js";
import type { Timing } from "./timing.js";
import { readOutcome, transactionOf } from "./transaction.js";
import type { EtcdPlace } from "./trust.js";
import { watchEtcd } from "./watch.js";
import { encode, encodeRange, readCount, readLeaseId, readRecords, readRevision } from "./wire.js";

/** Records of one reply. */
const PAGE = 1000;
/** Readings that are begun again since their revision was compacted meanwhile. */
const READINGS = 3;

interface Page {
  readonly revision: number;
  readonly records: readonly ClusterRecord[];
  readonly more: boolean;
}

/** The state of a cluster in etcd 3.4 or newer, by its JSON gateway. */
export class EtcdState implements ClusterState {
  readonly place: string;
  private readonly gateway: Gateway;

  /** Throws `permission`, `invalid-input` or `kernel` for files that cannot be used. */
  constructor(etcd: EtcdPlace, timing?: Timing) {
    this.place = `etcd at ${etcd.endpoints.join(", ")}`;
    this.gateway = new Gateway(this.place, etcd, timing);
  }

  async read(key: string): Promise<Reading> {
    for (let tried = 1; ; tried++) {
      const reading = await this.readPages(key);
      if (reading !== undefined) return reading;
      if (tried === READINGS) throw refused(this.place, "it compacted what was read, each time");
    }
  }

  async commit(change: ClusterChange): Promise<ClusterOutcome> {
    checkChange(change);
    return await this.gateway.ask({
      path: "kv/txn",
      body: transactionOf(change),
      read: readOutcome,
      ifRefused: ({ code }) => {
        const lease = change.put.find((one) => one.lease !== undefined)?.lease;
        if (code === grpc.notFound && lease !== undefined) throw leaseEnded(this.place, lease);
        return undefined;
      },
    });
  }

  watch(prefixes: readonly string[], revision: number, signal: AbortSignal): AsyncGenerator<ClusterBatch> {
    return watchEtcd(this.gateway, prefixes, revision, signal);
  }

  async lease(seconds: number): Promise<ClusterLease> {
    const id = await this.gateway.ask({
      path: "lease/grant",
      body: { TTL: String(seconds) },
      read: (reply) => readLeaseId(member(reply, "ID")),
    });
    return {
      id,
      keepAlive: () => this.keepAlive(id),
      revoke: () => this.revoke(id),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.gateway[Symbol.dispose]();
  }

  /** Undefined where the revision of the first page was compacted before the last. */
  private async readPages(key: string): Promise<Reading | undefined> {
    const records: ClusterRecord[] = [];
    let revision = 0;
    for (;;) {
      const last = records.at(-1)?.key;
      const from = last === undefined ? {} : { key: encode(`${last}\0`), revision: String(revision) };
      const page: Page | "compacted" = await this.gateway.ask<Page | "compacted">({
        path: "kv/range",
        body: { ...encodeRange(key), limit: String(PAGE), ...from },
        reads: true,
        read: (reply) => ({
          revision: readRevision(reply),
          records: readRecords(member(reply, "kvs")),
          more: optional(member(reply, "more"), readFlag) ?? false,
        }),
        ifRefused: ({ code }) => (code === grpc.outOfRange ? "compacted" : undefined),
      });
      if (page === "compacted") return undefined;
      // Later pages are of the first one's revision, and say the newest.
      if (last === undefined) revision = page.revision;
      records.push(...page.records);
      if (!page.more || page.records.length === 0) return { revision, records };
    }
  }

  private async keepAlive(id: string): Promise<boolean> {
    return await this.gateway.ask({
      path: "lease/keepalive",
      body: { ID: id },
      read: (reply) => readCount(member(member(reply, "result"), "TTL")) > 0,
      ifRefused: ({ code }) => (code === grpc.notFound ? false : undefined),
    });
  }

  private async revoke(id: string): Promise<void> {
    await this.gateway.ask({
      path: "lease/revoke",
      body: { ID: id },
      read: () => true,
      ifRefused: ({ code }) => code === grpc.notFound || undefined,
    });
  }
}
