import type { Keys } from "../../cluster/records/keys.js";
import { RECORDS_VERSION, readVersion } from "../../cluster/records/values.js";
import type { ClusterChange, ClusterState, Membership, Reading } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { readRecord } from "./read-record.js";
import type { RecordPlaces } from "./record-places.js";
import { type ChangedRecords, type NetworkRecords, SharedRecords } from "./shared-records.js";

/** Of this host's own endpoints in a directory: what another host wrote there is removed some at a time. */
const MOST_LISTED = 10_000;

/** What this host sees of the cluster's state for one network. */
export class NetworkView {
  readonly records = new SharedRecords();

  /** `revision`: the newest that this host has seen before. */
  constructor(
    private readonly cluster: { readonly state: ClusterState; readonly membership: Membership; readonly keys: Keys },
    private revision: number,
  ) {}

  /** The newest revision that this host has seen. */
  get seen(): number {
    return this.revision;
  }

  /** Prefixes below which other hosts have written more than this one keeps. */
  get cutShort(): readonly string[] {
    return this.records.cutShort.filter((prefix) => !prefix.startsWith(this.cluster.keys.directory));
  }

  /**
   * Reads all. Returns whether the state is an earlier one than was seen before: it was put back from a backup. Throws where it cannot
   * be read, or is no more this cluster's: then nothing of it is taken over.
   */
  async read({ contents, hosts, listed, single, ofNetwork }: RecordPlaces): Promise<boolean> {
    const { state } = this.cluster;
    const prefixes = [contents, hosts, listed, ...single];
    const most = (prefix: string) => (prefix === listed ? MOST_LISTED : undefined);
    const readings = new Map(
      await Promise.all(prefixes.map(async (prefix) => [prefix, await state.read(prefix, most(prefix))] as const)),
    );
    this.requireCluster(readings.get(this.cluster.keys.version));
    for (const prefix of [hosts, listed, ...single]) this.records.take(prefix, readings.get(prefix) as Reading);
    for (const prefix of ofNetwork) this.records.take(prefix, within(prefix, readings.get(contents) as Reading));
    const isPutBack = this.records.revision < this.revision;
    this.revision = this.records.revision;
    return isPutBack;
  }

  /** Reads this host's own part of the directory, which is not watched: another host may have removed what is there. */
  async readListed({ listed }: RecordPlaces): Promise<void> {
    this.records.take(listed, await this.cluster.state.read(listed, MOST_LISTED));
  }

  /** Takes changes over, and reports the keys of each batch, until `signal` is aborted; throws where the state cannot be watched. */
  async watch(
    { watched }: RecordPlaces,
    signal: AbortSignal,
    report: (changes: readonly { readonly key: string; readonly value?: string }[]) => void,
  ): Promise<void> {
    for await (const batch of this.cluster.state.watch(watched, this.records.revision, signal)) {
      this.records.apply(batch);
      this.revision = Math.max(this.revision, batch.revision);
      report(batch.changes);
    }
  }

  /** What this host has just written itself; the watch brings it again. */
  takeOwn({ put, remove }: ClusterChange, revision: number): void {
    const gone = remove.flatMap((key) => (key.endsWith("/") ? this.records.keysBelow(key) : [key]));
    this.records.apply({ revision, changes: [...put, ...gone.map((key) => ({ key }))] });
  }

  contents({ hosts, members, blocks, endpoints, held }: RecordPlaces): NetworkRecords {
    const { records } = this;
    return {
      hosts: records.below(hosts),
      members: records.below(members),
      blocks: records.below(blocks),
      endpoints: records.below(endpoints),
      held: records.below(held),
    };
  }

  /** What of that has changed since this was asked last. */
  changes({ hosts, members, blocks, endpoints, held }: RecordPlaces): ChangedRecords {
    const { records } = this;
    return {
      hosts: records.changedBelow(hosts),
      members: records.changedBelow(members),
      blocks: records.changedBelow(blocks),
      endpoints: records.changedBelow(endpoints),
      held: records.changedBelow(held),
    };
  }

  /** A state that was emptied, or is another cluster's by now, says nothing about this one. */
  private requireCluster(reading: Reading | undefined): void {
    const { membership, keys, state } = this.cluster;
    const text = reading?.records.find(({ key }) => key === keys.version)?.value;
    const record = text === undefined ? undefined : readRecord(text, readVersion);
    const { version, id } = record !== undefined && "value" in record ? record.value : {};
    if (id === membership.clusterId) return;
    const isOther = version !== undefined && version !== RECORDS_VERSION;
    const other = isOther
      ? `has records of version ${version}, and this tsd has version ${RECORDS_VERSION}`
      : undefined;
    const found = record === undefined ? "is empty" : (other ?? "is that of another one");
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CLUSTER_LOST",
      message: `${state.place} has lost cluster ${membership.cluster}: what it has under that name ${found}`,
      hint: isOther
        ? "Install the version of tsd that its other hosts have: tsd version"
        : "Put etcd back from a backup, or leave on each host, tsd cluster leave --force, and join again.",
      details: { cluster: membership.cluster, place: state.place },
    });
  }
}

function within(prefix: string, { revision, records }: Reading): Omit<Reading, "total"> {
  return { revision, records: records.filter(({ key }) => key.startsWith(prefix)) };
}
