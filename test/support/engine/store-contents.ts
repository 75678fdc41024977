import { DatabaseSync } from "node:sqlite";

/** What counts as held, by name. An address that was given back is remembered, but held by nobody. */
const queries = {
  networks: "SELECT value FROM networks ORDER BY id",
  endpoints: "SELECT value FROM endpoints ORDER BY id",
  containers: "SELECT value FROM containers ORDER BY id",
  volumes: "SELECT value FROM volumes ORDER BY id",
  peers: "SELECT value FROM peers ORDER BY id",
  ports: "SELECT protocol, host_address, first, last, endpoint_id FROM port_claims ORDER BY 1, 2, 3",
  pools: "SELECT network_id, cidr, held FROM pools ORDER BY 1, 2",
  leases:
    "SELECT cidr, address, holder FROM leases JOIN pools ON pools.id = pool WHERE holder IS NOT NULL ORDER BY 1, 2",
  debts: "SELECT value FROM debts ORDER BY holder",
} as const;

export type StoreContents = Readonly<Record<keyof typeof queries, readonly unknown[]>>;

/** All that the state database at `path` says is held, read past the code under test. */
export function readStore(path: string): StoreContents {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const parse = (row: Record<string, unknown>): unknown =>
      typeof row.value === "string" ? JSON.parse(row.value) : { ...row };
    const read = ([name, sql]: readonly [string, string]) => [name, database.prepare(sql).all().map(parse)] as const;
    return Object.fromEntries(Object.entries(queries).map(read)) as unknown as StoreContents;
  } finally {
    database.close();
  }
}
