import { DatabaseSync } from "node:sqlite";
import type { ContainerRow, EndpointRow, NetworkRow } from "../../../src/contracts/index.js";

interface Claim {
  readonly protocol: string;
  readonly host_address: string;
  readonly first: number;
  readonly last: number;
  readonly endpoint_id: string;
}

/** What the state database of a host holds, read past tsd. */
export interface StoreRows {
  readonly networks: readonly NetworkRow[];
  readonly containers: readonly ContainerRow[];
  readonly endpoints: readonly EndpointRow[];
  readonly claims: readonly Claim[];
  /** Addresses that somebody holds. */
  readonly leases: readonly { readonly network: string; readonly address: string; readonly holder: string }[];
}

export function readStoreRows(root: string): StoreRows {
  const database = new DatabaseSync(`${root}/state.db`, { readOnly: true, timeout: 5000 });
  const rows = <T>(table: string): readonly T[] =>
    database
      .prepare(`SELECT value FROM ${table} ORDER BY seq`)
      .all()
      .map(({ value }) => JSON.parse(String(value)) as T);
  const all = <T>(sql: string): readonly T[] => database.prepare(sql).all() as unknown as readonly T[];
  try {
    return {
      networks: rows("networks"),
      containers: rows("containers"),
      endpoints: rows("endpoints"),
      claims: all("SELECT * FROM port_claims ORDER BY protocol, first"),
      leases: all(
        "SELECT network_id AS network, address, holder FROM leases JOIN pools ON pools.id = pool WHERE holder IS NOT NULL",
      ),
    };
  } finally {
    database.close();
  }
}
