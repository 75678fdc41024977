import type { Lease, LeaseTable, PoolRange, PoolRow } from "../contracts/index.js";
import type { Connection } from "./connection.js";

interface StoredRange {
  readonly first: string;
  readonly last: string;
  readonly next: string;
}

const poolId = "(SELECT id FROM pools WHERE network_id = ?1 AND cidr = ?2)";

/** Such addresses are leased where they are asked for, and to nothing else. */
const inNoRange = `NOT EXISTS (
  SELECT 1 FROM pool_ranges WHERE pool_ranges.pool = leases.pool AND leases.address BETWEEN first AND last)`;

/** Leases as rows. Addresses are hexadecimal of a fixed width, since an IPv6 address is wider than SQLite's integers. */
export class SqliteLeaseTable implements LeaseTable {
  constructor(private readonly connection: Connection) {}

  addPool({ networkId, cidr, ranges }: PoolRow): void {
    this.connection.write("INSERT INTO pools (network_id, cidr) VALUES (?, ?)", networkId, cidr);
    for (const range of ranges) this.addRange(networkId, cidr, range);
  }

  pool(networkId: string, cidr: string): PoolRow | undefined {
    // A pool of which no range is left is still one.
    const sql = `SELECT first, last, next FROM pools LEFT JOIN pool_ranges ON pool = pools.id
      WHERE network_id = ? AND cidr = ? ORDER BY pool_ranges.seq`;
    const rows = this.connection.all<StoredRange | Record<keyof StoredRange, null>>(sql, networkId, cidr);
    if (rows.length === 0) return undefined;
    return { networkId, cidr, ranges: rows.flatMap((row) => (row.first === null ? [] : toRange(row))) };
  }

  setRanges(networkId: string, cidr: string, ranges: readonly PoolRange[]): void {
    const isSame = (a: PoolRange, b: PoolRange): boolean => a.first === b.first && a.last === b.last;
    const present = this.pool(networkId, cidr)?.ranges ?? [];
    for (const range of present) {
      if (ranges.some((wanted) => isSame(wanted, range))) continue;
      const sql = `DELETE FROM pool_ranges WHERE pool = ${poolId} AND first = ?3`;
      this.connection.write(sql, networkId, cidr, toHex(range.first));
    }
    for (const range of ranges)
      if (!present.some((known) => isSame(known, range))) this.addRange(networkId, cidr, range);
    const outside = `DELETE FROM leases WHERE pool = ${poolId} AND returned IS NOT NULL AND ${inNoRange}`;
    this.connection.write(outside, networkId, cidr);
  }

  removePools(networkId: string): void {
    this.connection.write("DELETE FROM pools WHERE network_id = ?", networkId);
  }

  advance(networkId: string, cidr: string, { first, next }: Pick<PoolRange, "first" | "next">): void {
    const sql = `UPDATE pool_ranges SET next = ?4 WHERE pool = ${poolId} AND first = ?3`;
    this.connection.write(sql, networkId, cidr, toHex(first), toHex(next));
  }

  lease(networkId: string, cidr: string, address: bigint): Lease | undefined {
    const sql = `SELECT holder FROM leases WHERE pool = ${poolId} AND address = ?3`;
    const row = this.connection.get<{ holder: string | null }>(sql, networkId, cidr, toHex(address));
    if (row === undefined) return undefined;
    return row.holder === null ? { address } : { address, holder: row.holder };
  }

  /** Throws a plain Error for an address that is held: the caller asks `lease` first. */
  addLease(networkId: string, cidr: string, address: bigint, holder: string): void {
    const added = this.connection.write(
      `INSERT INTO leases (pool, address, holder) VALUES (${poolId}, ?3, ?4)
        ON CONFLICT DO UPDATE SET holder = excluded.holder, returned = NULL WHERE holder IS NULL`,
      networkId,
      cidr,
      toHex(address),
      holder,
    );
    if (added === 0) throw new Error(`address ${toHex(address)} of ${cidr} is leased already`);
    this.connection.write(`UPDATE pools SET held = held + 1 WHERE id = ${poolId}`, networkId, cidr);
  }

  oldestReturned(networkId: string, cidr: string): bigint | undefined {
    const sql = `SELECT address FROM leases WHERE pool = ${poolId} AND returned IS NOT NULL ORDER BY returned LIMIT 1`;
    const row = this.connection.get<{ address: string }>(sql, networkId, cidr);
    return row === undefined ? undefined : fromHex(row.address);
  }

  returnLeases(holder: string): void {
    this.connection.write(
      `UPDATE pools SET held = held - (SELECT count(*) FROM leases WHERE pool = pools.id AND holder = ?1)
        WHERE id IN (SELECT pool FROM leases WHERE holder = ?1)`,
      holder,
    );
    this.connection.write(`DELETE FROM leases WHERE holder = ?1 AND ${inNoRange}`, holder);
    this.connection.write(
      `UPDATE leases SET holder = NULL, returned = (
        SELECT coalesce(max(returned), 0) + 1 FROM leases AS queue WHERE queue.pool = leases.pool AND returned IS NOT NULL)
        WHERE holder = ?1`,
      holder,
    );
  }

  countLeases(networkId: string, cidr: string): number {
    const sql = "SELECT held FROM pools WHERE network_id = ? AND cidr = ?";
    return this.connection.get<{ held: number }>(sql, networkId, cidr)?.held ?? 0;
  }

  held(networkId: string, cidr: string): readonly Required<Lease>[] {
    const sql = `SELECT address, holder FROM leases WHERE pool = ${poolId} AND holder IS NOT NULL ORDER BY address`;
    const rows = this.connection.all<{ address: string; holder: string }>(sql, networkId, cidr);
    return rows.map(({ address, holder }) => ({ address: fromHex(address), holder }));
  }

  private addRange(networkId: string, cidr: string, { first, last, next }: PoolRange): void {
    const sql = `INSERT INTO pool_ranges (pool, first, last, next) VALUES (${poolId}, ?3, ?4, ?5)`;
    this.connection.write(sql, networkId, cidr, toHex(first), toHex(last), toHex(next));
  }
}

function toRange({ first, last, next }: StoredRange): PoolRange {
  return { first: fromHex(first), last: fromHex(last), next: fromHex(next) };
}

function toHex(address: bigint): string {
  return address.toString(16).padStart(32, "0");
}

function fromHex(digits: string): bigint {
  return BigInt(`0x${digits}`);
}
