import type { Endpoint, EndpointRow, Network, NetworkRow } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { requireDriver } from "./drivers.js";
import type { Host } from "./host.js";
import { newId, newMac } from "./identifiers.js";
import type { Parts } from "./parts.js";
import { assignPorts } from "./port-assignment.js";
import type { PortRequest } from "./port-spec.js";

export interface EndpointRequest {
  readonly network: string;
  readonly netns: string;
  readonly interface: string;
  /** Lead the namespace's default route here. */
  readonly gateway: boolean;
  /** A particular address; absent: the next free one. */
  readonly address?: string;
  readonly ports: readonly PortRequest[];
  readonly containerId?: string;
}

type PlanParts = Pick<Parts, "store" | "processes" | "ipam" | "drivers">;

/**
 * Decides everything about an endpoint and writes it down: addresses leased, ports claimed, resources listed. Runs in the
 * caller's transaction; nothing exists in the kernel yet.
 */
export function planEndpoint(parts: PlanParts, host: Host, request: EndpointRequest): EndpointRow {
  const { store, processes, drivers } = parts;
  const networkRow = readyNetwork(store.networks.resolve(request.network));
  const { network } = networkRow;
  const driver = requireDriver(drivers, network.driver);
  const id = newId();
  const planned: Omit<Endpoint, "ports"> = {
    id,
    networkId: network.id,
    netns: request.netns,
    interface: request.interface,
    mac: newMac(),
    addresses: leaseAddresses(parts, networkRow, { holder: id, address: request.address }),
    gateway: request.gateway,
  };
  refuseOtherFamily(network, planned.addresses, request.ports);
  const row: EndpointRow = {
    id,
    state: "creating",
    owner: processes.self(),
    resources: [],
    endpoint: { ...planned, ports: [] },
    ...(request.containerId === undefined ? {} : { containerId: request.containerId }),
  };
  store.endpoints.insert(row);
  const endpoint: Endpoint = {
    ...planned,
    ports: assignPorts(store, host, { endpointId: id, requests: request.ports }),
  };
  const complete: EndpointRow = { ...row, endpoint, resources: driver.endpoint(network, endpoint) };
  store.endpoints.update(complete);
  return complete;
}

function readyNetwork(row: NetworkRow): NetworkRow {
  if (row.state === "ready") return row;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_NETWORK_BUSY",
    message: `network "${row.network.name}" is being ${row.state === "creating" ? "created" : "removed"} by process ${row.owner.pid}`,
    hint: "Try again when that command has ended.",
    details: { network: row.id, state: row.state, pid: row.owner.pid },
  });
}

/** A port cannot lead from an address of one family to a container that has none of it. */
function refuseOtherFamily(network: Network, addresses: readonly string[], ports: readonly PortRequest[]): void {
  const hasIPv6 = addresses.map((address) => address.includes(":"));
  const port = ports.find(
    ({ hostAddress }) => hostAddress !== undefined && !hasIPv6.includes(hostAddress.includes(":")),
  );
  if (port === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_PORT_FAMILY",
    message: `cannot publish on ${port.hostAddress}: containers on network "${network.name}" have only ${addresses.join(", ")}`,
    hint: "Publish on an address of the same family.",
    details: { hostAddress: port.hostAddress, addresses },
  });
}

function leaseAddresses(
  { ipam }: PlanParts,
  { network }: NetworkRow,
  lease: { readonly holder: string; readonly address: string | undefined },
): readonly string[] {
  const request = { networkId: network.id, holder: lease.holder };
  try {
    return network.subnets.map(({ cidr }) =>
      ipam.requestAddress({ ...request, cidr, ...(lease.address === undefined ? {} : { address: lease.address }) }),
    );
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    const { kind, code, message, hint, details } = error;
    throw new TsdError({
      kind,
      code,
      message: `network "${network.name}": ${message}`,
      ...(hint === undefined ? {} : { hint }),
      details,
      cause: error,
    });
  }
}
