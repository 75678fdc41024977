import { familyOf } from "../api/address-family.js";
import type { Orphan, Sweeper } from "../api/index.js";
import { sweeperOf } from "../kernel/orphans/sweeper-of.js";
import { formatAddress } from "../kernel/rtnetlink/messages/ip-prefix.js";
import type { Connection } from "./connection.js";
import { SqliteLeaseTable } from "./lease-table.js";

interface Lease {
  readonly holder: string;
  readonly network: string;
  readonly cidr: string;
  readonly address: string;
}

interface Pool {
  readonly network: string;
  readonly cidr: string;
}

interface PortClaim {
  readonly endpoint: string;
  readonly protocol: string;
  readonly host_address: string;
  readonly first: number;
}

type OrphanRecord =
  | (Lease & { readonly kind: "lease" })
  | (Pool & { readonly kind: "pool" })
  | (PortClaim & { readonly kind: "port claim" });

/** A network's own leases, of its gateway and what it reserves, begin with its id: `NETWORK`, `NETWORK/NAME`. */
const orphanLeases = `
  SELECT holder, network_id AS network, cidr, address FROM leases JOIN pools ON pools.id = leases.pool
  WHERE holder IS NOT NULL AND substr(holder, 1, instr(holder || '/', '/') - 1) NOT IN (
    SELECT id FROM networks UNION ALL SELECT id FROM containers UNION ALL SELECT id FROM endpoints)
  ORDER BY network_id, address`;
const orphanPools = "SELECT network_id AS network, cidr FROM pools WHERE network_id NOT IN (SELECT id FROM networks)";
const orphanClaims = `SELECT endpoint_id AS endpoint, protocol, host_address, first FROM port_claims
  WHERE endpoint_id NOT IN (SELECT id FROM endpoints)`;

/** Leases, pools and port claims without a row. They come and go in the transaction of their row, so one look would do. */
export function leaseSweeper(connection: Connection): Sweeper {
  return sweeperOf<OrphanRecord>({
    list: () => listOrphans(connection),
    orphanOf: describe,
    claims: () => () => false,
    free: (records) => connection.transaction(() => free(connection, records)),
  });
}

function listOrphans(connection: Connection): readonly OrphanRecord[] {
  return [
    ...connection.all<Lease>(orphanLeases).map((lease) => ({ ...lease, kind: "lease" }) as const),
    ...connection.all<Pool>(orphanPools).map((pool) => ({ ...pool, kind: "pool" }) as const),
    ...connection.all<PortClaim>(orphanClaims).map((claim) => ({ ...claim, kind: "port claim" }) as const),
  ];
}

function describe(record: OrphanRecord): Orphan {
  const { kind } = record;
  switch (kind) {
    case "lease": {
      const digits = familyOf(record.cidr) === 6 ? record.address : record.address.slice(-8);
      const what = `${formatAddress(Buffer.from(digits, "hex"))} of network ${record.network.slice(0, 12)}`;
      return { kind, what, why: `nobody is called ${record.holder.slice(0, 12)}, who has it` };
    }
    case "pool": {
      const { network, cidr } = record;
      return { kind, what: `${cidr} of network ${network.slice(0, 12)}`, why: "there is no such network" };
    }
    case "port claim": {
      const { endpoint, protocol, first, host_address } = record;
      const place = host_address === "" ? "" : ` on ${host_address}`;
      const what = `${first}/${protocol}${place} of endpoint ${endpoint.slice(0, 12)}`;
      return { kind, what, why: "there is no such endpoint" };
    }
  }
}

function free(connection: Connection, records: readonly OrphanRecord[]): void {
  const leases = new SqliteLeaseTable(connection);
  for (const record of records) {
    if (record.kind === "lease") leases.returnLeases(record.holder);
    else if (record.kind === "pool") leases.removePools(record.network);
    else connection.write("DELETE FROM port_claims WHERE endpoint_id = ?", record.endpoint);
  }
}
