import type { EndpointCount, NamedPeer, PeerRow, PeerTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import type { PlaceTable } from "./place-table.js";
import { RowTable } from "./row-table.js";

/** Other hosts of networks that span hosts, and their endpoints. */
export class SqlitePeerTable extends RowTable<PeerRow> implements PeerTable {
  constructor(connection: Connection, places: PlaceTable) {
    super(connection, places, {
      table: "peers",
      noun: {
        word: "peer",
        listedBy: "tsd cluster inspect",
        codes: { absent: "TSD_PEER_NOT_FOUND", ambiguous: "TSD_PEER_AMBIGUOUS", duplicate: "TSD_PEER_DUPLICATE" },
      },
      columns: { network_id: ({ peer }) => peer.networkId, named: namedIn },
    });
  }

  ofNetwork(networkId: string): readonly PeerRow[] {
    return this.select("WHERE network_id = ?", networkId);
  }

  endpointCounts(networkId: string): readonly EndpointCount[] {
    return this.connection.all<EndpointCount>(countedRows, networkId).map((row) => ({ ...row }));
  }

  hostCount(networkId: string): number {
    return this.connection.get<{ count: number }>(countedHosts, networkId)?.count ?? 0;
  }

  namesFingerprint(networkId: string): string {
    const sql = `SELECT coalesce(group_concat(named), '') AS text FROM (${namedRows})`;
    return this.connection.get<{ text: string }>(sql, networkId)?.text ?? "";
  }

  withNames(networkId: string): readonly NamedPeer[] {
    return this.connection
      .all<{ named: string }>(namedRows, networkId)
      .map(({ named }) => this.parse({ value: named }));
  }
}

/** All in an index of its own, so that no list of resources is read for them. */
const namedRows =
  "SELECT named FROM peers WHERE network_id = ? AND named IS NOT NULL AND state <> 'deleting' ORDER BY seq";

/** Each endpoint has a name. */
const countedHosts =
  "SELECT count(*) AS count FROM peers WHERE network_id = ? AND named IS NULL AND state <> 'deleting'";

const countedRows = `
  SELECT value ->> '$.peer.host' AS host, count(*) AS endpoints FROM peers
  WHERE network_id = ? AND state <> 'deleting' AND value ->> '$.peer.kind' = 'endpoint' GROUP BY host ORDER BY host`;

function namedIn({ peer }: PeerRow): string | undefined {
  if (peer.kind !== "endpoint" || peer.names.length === 0) return undefined;
  const { names, addresses } = peer;
  return JSON.stringify({ names, addresses } satisfies NamedPeer);
}
