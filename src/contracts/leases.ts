/** Where leases are kept; every verb but `held` costs logarithmic time at most. Addresses are numbers, of either family. */
export interface LeaseTable {
  addPool(pool: PoolRow): void;
  pool(networkId: string, cidr: string): PoolRow | undefined;
  /** Gives it other dynamic ranges. One that it had stays as it is, with its frontier. */
  setRanges(networkId: string, cidr: string, ranges: readonly PoolRange[]): void;
  removePools(networkId: string): void;
  /** Moves the frontier of the range that begins with `first`: every address of it below `next` was leased at some time. */
  advance(networkId: string, cidr: string, range: Pick<PoolRange, "first" | "next">): void;
  lease(networkId: string, cidr: string, address: bigint): Lease | undefined;
  addLease(networkId: string, cidr: string, address: bigint, holder: string): void;
  /** The address that was given back longest ago. */
  oldestReturned(networkId: string, cidr: string): bigint | undefined;
  /**
   * Marks the holder's leases as returned; they stay known, so that others are taken first. One outside the dynamic ranges
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
  /** Where addresses are taken from, in this order. */
  readonly ranges: readonly PoolRange[];
}

export interface PoolRange {
  /** First and last address, as numbers. */
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
