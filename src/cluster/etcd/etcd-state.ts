import type {
  ClusterBatch,
  ClusterChange,
  ClusterLease,
  ClusterOutcome,
  ClusterRecord,
  ClusterState,
  Reading,
  WatchedPlace,
} from "../../contracts/index.js";
import { member } from "../../contracts/json-field.js";
import { checkChange } from "../bounds/check-change.js";
import { leaseEnded } from "../bounds/failures.js";
import { refused, tooLarge } from "./failures.js";
import { Gateway } from "./gateway.js";
import { type Page, readPage } from "./page.js";
import { grpc } from "./refusal.js";
import type { Timing } from "./timing.js";
import { readOutcome, transactionOf } from "./transaction.js";
import type { EtcdPlace } from "./trust.js";
import { watchEtcd } from "./watch.js";
import { encode, encodeRange, readCount, readLeaseId } from "./wire.js";

/** Records of one reply. */
const PAGE = 1000;
/** Characters of the records of one reading: a million endpoints have somewhat less. */
const LARGEST = 512 << 20;
/** The first key after another has it at its end. */
const NUL = Buffer.alloc(1);
/** Readings that are begun again since their revision was compacted meanwhile. */
const READINGS = 3;

/** The state of a cluster in etcd 3.4 or newer, by its JSON gateway. */
export class EtcdState implements ClusterState {
  readonly place: string;
  private readonly gateway: Gateway;

  /** Throws `permission`, `invalid-input` or `kernel` for files that cannot be used. */
  constructor(
    etcd: EtcdPlace,
    timing?: Timing,
    private readonly largest = LARGEST,
  ) {
    this.place = `etcd at ${etcd.endpoints.join(", ")}`;
    this.gateway = new Gateway(this.place, etcd, timing);
  }

  /** By a quorum: a member that lags behind would deny what is there. */
  async read(key: string, most = Number.POSITIVE_INFINITY, from?: string): Promise<Reading> {
    for (let tried = 1; ; tried++) {
      const reading = await this.readPages(key, most, from);
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

  watch(places: readonly WatchedPlace[], revision: number, signal: AbortSignal): AsyncGenerator<ClusterBatch> {
    return watchEtcd(this.gateway, places, revision, signal);
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
  private async readPages(key: string, most: number, first?: string): Promise<Reading | undefined> {
    const records: ClusterRecord[] = [];
    let revision = 0;
    let total = 0;
    let size = 0;
    for (let last: Buffer | undefined; ; ) {
      const after = last;
      const begin = first === undefined ? {} : { key: encode(first) };
      const from =
        after === undefined
          ? begin
          : { key: Buffer.concat([after, NUL]).toString("base64"), revision: String(revision) };
      const page: Page | "compacted" = await this.gateway.ask<Page | "compacted">({
        path: "kv/range",
        body: { ...encodeRange(key), limit: String(Math.min(PAGE, most - records.length)), ...from },
        reads: true,
        read: (reply) => readPage(reply, after),
        ifRefused: ({ code }) => (code === grpc.outOfRange ? "compacted" : undefined),
      });
      if (page === "compacted") return undefined;
      // Later pages are of the first one's revision, and say the newest.
      if (after === undefined) ({ revision, total } = page);
      records.push(...page.records);
      size += page.size;
      if (size > this.largest) throw tooLarge(this.place, key, this.largest);
      last = page.last;
      if (last === undefined || records.length >= most)
        return { revision, records, total: Math.max(total, records.length) };
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
