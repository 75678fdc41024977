import type { ContainerStatus, LifeState, PortBinding } from "../api/index.js";
import type { EndpointRow, EndpointSummary, EndpointTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import type { PlaceTable } from "./place-table.js";
import { PortClaims } from "./port-claims.js";
import { notFound } from "./resolve-ref.js";
import { RowTable } from "./row-table.js";

interface StoredSummary {
  readonly id: string;
  readonly state: LifeState;
  readonly network_id: string;
  readonly container_id: string | null;
  readonly addresses: string;
  readonly aliases: string;
  readonly status: ContainerStatus | null;
}

const noun = {
  word: "endpoint",
  listedBy: "tsd network inspect NETWORK",
  codes: {
    absent: "TSD_ENDPOINT_NOT_FOUND",
    ambiguous: "TSD_ENDPOINT_AMBIGUOUS",
    duplicate: "TSD_ENDPOINT_DUPLICATE",
  },
} as const;

const summary = `SELECT endpoints.id, endpoints.state, network_id, container_id, addresses, aliases, status
  FROM endpoints LEFT JOIN containers ON containers.id = container_id`;

/** Attachments, and the host ports that they claim. */
export class SqliteEndpointTable extends RowTable<EndpointRow> implements EndpointTable {
  private readonly ports: PortClaims;

  constructor(connection: Connection, places: PlaceTable) {
    super(connection, places, {
      table: "endpoints",
      noun,
      columns: {
        network_id: ({ endpoint }) => endpoint.networkId,
        container_id: ({ containerId }) => containerId,
        netns: ({ endpoint }) => endpoint.netns,
        addresses: ({ endpoint }) => JSON.stringify(endpoint.addresses),
        aliases: ({ endpoint }) => JSON.stringify(endpoint.aliases ?? []),
      },
    });
    this.ports = new PortClaims(connection);
  }

  markReady(id: string): void {
    const sql = `UPDATE endpoints SET state = 'ready', value = json_set(value, '$.state', 'ready') WHERE id = ?`;
    if (this.connection.write(sql, id) === 0) throw notFound(noun, id);
  }

  ofNetwork(networkId: string): readonly EndpointRow[] {
    return this.select("WHERE network_id = ?", networkId);
  }

  ofContainer(containerId: string): readonly EndpointRow[] {
    return this.select("WHERE container_id = ?", containerId);
  }

  ofNetns(netns: string): readonly EndpointRow[] {
    return this.select("WHERE netns = ?", netns);
  }

  ofOtherBoots(bootId: string): readonly EndpointRow[] {
    // In two ranges of the partial index, without which SQLite would read every row.
    const side = (sign: "<" | ">") =>
      `SELECT seq FROM endpoints WHERE container_id IS NULL AND value ->> '$.owner.bootId' ${sign} ?`;
    return this.select(`WHERE seq IN (${side("<")} UNION ALL ${side(">")})`, bootId, bootId);
  }

  summaries(networkId: string): readonly EndpointSummary[] {
    return this.connection
      .all<StoredSummary>(`${summary} WHERE network_id = ? ORDER BY endpoints.seq`, networkId)
      .map(toSummary);
  }

  summariesOf(containerId: string): readonly EndpointSummary[] {
    return this.connection
      .all<StoredSummary>(`${summary} WHERE container_id = ? ORDER BY endpoints.seq`, containerId)
      .map(toSummary);
  }

  fingerprint(of: { readonly networkId: string } | { readonly netns: string }): string {
    const [column, value] = "netns" in of ? ["netns", of.netns] : ["network_id", of.networkId];
    // One text, since an object for each row is what costs.
    const sql = `SELECT coalesce(group_concat(line), '') AS text FROM (
      SELECT endpoints.id || endpoints.state || coalesce(container_id, '') || addresses || aliases
        || coalesce(status || coalesce(outline ->> '$.hasResolver', ''), '') AS line
      FROM endpoints LEFT JOIN containers ON containers.id = container_id
      WHERE endpoints.${column} = ? ORDER BY endpoints.seq)`;
    return this.connection.get<{ text: string }>(sql, value)?.text ?? "";
  }

  claimPorts(endpointId: string, bindings: readonly PortBinding[]): void {
    this.ports.claim(endpointId, bindings);
  }

  retainPorts(endpointId: string, bindings: readonly PortBinding[]): void {
    this.ports.retain(endpointId, bindings);
  }

  portHolder(binding: PortBinding): string | undefined {
    return this.ports.find(binding)?.endpointId;
  }
}

function toSummary({
  id,
  state,
  network_id,
  container_id,
  addresses,
  aliases,
  status,
}: StoredSummary): EndpointSummary {
  return {
    id,
    state,
    networkId: network_id,
    addresses: JSON.parse(addresses),
    aliases: JSON.parse(aliases),
    ...(container_id === null ? {} : { containerId: container_id }),
    ...(status === null ? {} : { status }),
  };
}
