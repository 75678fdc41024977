/** Where leases are kept; every verb but `held` costs logarithmic time at most. Addresses are numbers, of either family. */
export interface LeaseTable {
  addPool(pool: PoolRow): void;
  pool(networkId: string, cidr: string): PoolRow | undefined;
  removePools(networkId: string): void;
  /** Moves the frontier: every address below `next` was leased at some time. */
  advance(networkId: string, cidr: string, next: bigint): void;
  lease(networkId: string, cidr: string, address: bigint): Lease | undefined;
  addLease(networkId: string, cidr: string, address: bigint, holder: string): void;
  /** The address that was given back longest ago. */
  oldestReturned(networkId: string, cidr: string): bigint | undefined;
  /**
   * Marks the holder's leases as returned; they stay known, so that others are taken first. One outside the dynamic range
   * is forgotten, since it must be asked for.
   */
  returnLeases(holder: string): void;
  countLeases(networkId: string, cidr: string): number;
  /** All leases that have a holder, lowest address first. */
  held(networkId: string, cidr: string): readonly Required<Lease>[];
}

export interface PoolRow {
  readonly networkId: string;
  readonly cidr: string;
  /** First and last address of the dynamic range, as numbers. */
  readonly first: bigint;
  readonly last: bigint;
  /** The lowest address of the range never leased. */
  readonly next: bigint;
}

export interface Lease {
  readonly address: bigint;
  /** Absent once returned. */
  readonly holder?: string;
}
