import type { EndpointRow, EndpointTable, PortBinding } from "../api/index.js";
import type { Connection } from "./connection.js";
import { PortClaims } from "./port-claims.js";
import { RowTable } from "./row-table.js";

/** Attachments, and the host ports that they claim. */
export class SqliteEndpointTable extends RowTable<EndpointRow> implements EndpointTable {
  private readonly ports: PortClaims;

  constructor(connection: Connection) {
    super(connection, {
      table: "endpoints",
      noun: { word: "endpoint", listedBy: "tsd network inspect NETWORK" },
      columns: {
        network_id: ({ endpoint }) => endpoint.networkId,
        container_id: ({ containerId }) => containerId,
      },
    });
    this.ports = new PortClaims(connection);
  }

  ofNetwork(networkId: string): readonly EndpointRow[] {
    return this.select("WHERE network_id = ?", networkId);
  }

  ofContainer(containerId: string): readonly EndpointRow[] {
    return this.select("WHERE container_id = ?", containerId);
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
