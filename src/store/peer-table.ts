import type { PeerRow, PeerTable } from "../contracts/index.js";
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
      columns: { network_id: ({ peer }) => peer.networkId },
    });
  }

  ofNetwork(networkId: string): readonly PeerRow[] {
    return this.select("WHERE network_id = ?", networkId);
  }
}
