/**
 * What hosts of a cluster know in common: records by key, and each change of them once. Keys and values are text. Each verb throws a
 * TsdError that names the place and what failed where no quorum can be asked.
 */
export interface ClusterState extends AsyncDisposable {
  /**
   * The record with this key, or all whose keys begin with one that ends in `/`, or the first `most` of these; as of one revision, in the
   * order of keys. With `from`, which begins so, only those from that key on.
   */
  read(key: string, most?: number, from?: string): Promise<Reading>;
  /** Does all writes or none. */
  commit(change: ClusterChange): Promise<ClusterOutcome>;
  /**
   * Changes after `revision`, batches of one revision each. Changes below one of `places` come in the order of their making; those below
   * different ones may overtake each other. Ends where it is aborted, and otherwise by throwing: with the code `TSD_CLUSTER_HISTORY`
   * where they are no longer kept or the state was put back to before `revision`, and what failed otherwise, also where the member that is asked has no leader. Then read again.
   */
  watch(places: readonly WatchedPlace[], revision: number, signal: AbortSignal): AsyncIterable<ClusterBatch>;
  /** Records under it go once it is not kept alive for `seconds`. */
  lease(seconds: number): Promise<ClusterLease>;
  /** Where it is, in words: `etcd at http://a:2379`. */
  readonly place: string;
}

/**
 * A key, or a prefix that ends in `/`. Several cost what one costs, and all that changes between the first and the last of them: they should
 * be neighbours.
 */
export type WatchedPlace = string | readonly string[];

export interface ClusterRecord {
  readonly key: string;
  readonly value: string;
  /** Of its first write since it was absent; 0: it is absent. */
  readonly created: number;
  /** Of its last write. */
  readonly modified: number;
}

export interface Reading {
  readonly revision: number;
  readonly records: readonly ClusterRecord[];
  /** How many there are, which may be more than were asked for. */
  readonly total: number;
}

/**
 * What must hold, and what is then written at once. Of requirements there are at most 128, of writes and removals together as well, and
 * no key is in two of the latter: etcd refuses more (`--max-txn-ops`).
 */
export interface ClusterChange {
  readonly require: readonly Requirement[];
  /** A record under a lease that has ended is not written: throws `conflict` with the code `TSD_CLUSTER_LEASE_ENDED`. */
  readonly put: readonly { readonly key: string; readonly value: string; readonly lease?: string }[];
  /** Keys; one that ends in `/` means all that begin so. */
  readonly remove: readonly string[];
}

export type Requirement =
  | { readonly key: string; readonly is: "absent" | "present" }
  | { readonly key: string; readonly modified: number }
  /** No key that begins so was written after that revision. Removals do not count. */
  | { readonly below: string; readonly unchangedSince: number };

export interface ClusterOutcome {
  readonly committed: boolean;
  readonly revision: number;
  /** The records that are required by their keys, as they are where nothing was committed; absent ones are left out. */
  readonly found: readonly ClusterRecord[];
}

export interface ClusterBatch {
  readonly revision: number;
  /** Without a value: it is gone. */
  readonly changes: readonly { readonly key: string; readonly value?: string }[];
}

export interface ClusterLease {
  readonly id: string;
  /** False once it has ended. */
  keepAlive(): Promise<boolean>;
  revoke(): Promise<void>;
}
