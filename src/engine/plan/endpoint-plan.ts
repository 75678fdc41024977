import { familyOf } from "../../api/address-family.js";
import { hostEnd } from "../../api/driver-parts/host-end.js";
import type {
  CommonOptions,
  Endpoint,
  Network,
  NetworkAttachment,
  NetworkDriver,
  PortBinding,
  Resource,
} from "../../api/index.js";
import { namesOnHost } from "../../contracts/host-places.js";
import type {
  ContainerRow,
  EndpointRow,
  Host,
  NetworkRow,
  PortRequest,
  Routing,
  Sockets,
} from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { refuseTakenLinks } from "../host-facts/taken-links.js";
import { driverOf } from "../requests/drivers.js";
import { macOfAddress, parseMacAddress } from "../requests/mac-address.js";
import { endpointUser } from "../rows/endpoint-user.js";
import { newMac } from "../rows/identifiers.js";
import { busy } from "../rows/refuse-busy.js";
import { withoutRefusedIPv6 } from "../sandbox/ipv6-refusal.js";
import { endpointLinks } from "../sandbox/links.js";
import { makerOf } from "../sandbox/sandbox.js";
import { leaseAddresses } from "./address-lease.js";
import { chooseMetric } from "./default-route.js";
import { endpointResources } from "./endpoint-resources.js";
import { chooseInterface } from "./interface-name.js";
import { assignPorts } from "./port-assignment.js";
import type { Proposed } from "./proposed.js";

export interface EndpointRequest {
  /** Default: a new one. */
  readonly id?: string;
  readonly attachment: NetworkAttachment;
  readonly netns: string;
  /** Interfaces that the namespace has already. */
  readonly taken: readonly string[];
  /** Endpoints of the namespace; undefined for one whose default route is not tsd's. */
  readonly present: readonly EndpointRow[] | undefined;
  readonly ports: readonly PortRequest[];
  readonly container?: ContainerRow;
  readonly proposed: Proposed;
  /** What the caller of {@link Endpoints.attach} says of it. */
  readonly caller?: Pick<Endpoint, "handover" | "labels" | "reservesPorts">;
}

type PlanParts = Pick<Parts, "store" | "processes" | "addressBook" | "drivers" | "warn">;

/**
 * Decides everything about an endpoint and writes it down: addresses leased, ports claimed, resources listed. Runs in the
 * caller's transaction; nothing exists in the kernel yet.
 */
export function planEndpoint(parts: PlanParts, host: Host, request: EndpointRequest): EndpointRow {
  const { store, processes, drivers } = parts;
  const { attachment, container, proposed } = request;
  const { network: whole } = readyNetwork(store.networks.resolve(attachment.network));
  refuseTwice(parts, whole, request);
  refuseTakenId(parts, request.id);
  const driver = driverOf(drivers, whole);
  const options = driver.parseEndpointOptions(attachment.options ?? {});
  const network = withoutRefusedIPv6(whole, { attachment, spec: container?.container.spec, options });
  const metric = metricOf(parts, network, request);
  const links = container === undefined ? [] : endpointLinks(store, container, network.id);
  const maker = container && (makerOf(store, container) ?? container).container;
  const { id, addresses } = leaseAddresses(parts, network, { id: request.id, attachment, container: maker, proposed });
  const planned: Endpoint = {
    id,
    networkId: network.id,
    netns: request.netns,
    interface: chooseInterface(parts, network, options, request),
    mac: chooseMac(network, driver, { attachment, addresses }),
    ...(attachment.mac === undefined ? {} : { requestedMac: parseMacAddress(attachment.mac) }),
    addresses,
    ports: [],
    ...(metric === undefined ? {} : { metric }),
    ...(attachment.gatewayPriority === undefined ? {} : { gatewayPriority: attachment.gatewayPriority }),
    ...(attachment.aliases === undefined ? {} : { aliases: attachment.aliases }),
    ...(links.length === 0 ? {} : { links }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...request.caller,
  };
  const row: EndpointRow = {
    id,
    state: "creating",
    owner: processes.self(),
    resources: [],
    endpoint: planned,
    ...(container === undefined ? {} : { containerId: container.id }),
    ...(network.ipam === undefined ? {} : { ipam: network.ipam }),
  };
  const draft: EndpointRow = { ...row, resources: endpointResources(driver, network, planned) };
  refuseTakenLinks(store, host, withoutDrawn(draft));
  store.endpoints.insert(draft);
  if (request.ports.length === 0) return draft;
  // Ports are claimed for a row that exists.
  const ports = planPorts(parts, host, { network, endpoint: planned, ports: request.ports });
  return replanEndpoint(parts, draft, { ports });
}

/** Without links of which no name was chosen: those that follow from an id are no other's. */
function withoutDrawn({ id, resources }: EndpointRow): readonly Resource[] {
  const drawn = hostEnd({ id });
  return resources.filter(
    (resource) => resource.kind !== "link" || namesOnHost(resource).some((name) => name !== drawn),
  );
}

/** An empty list of opened ports is none. */
export function changedEndpoint(endpoint: Endpoint, change: Partial<Endpoint>): Endpoint {
  const { opened = [], ...rest } = { ...endpoint, ...change };
  return opened.length === 0 ? rest : { ...rest, opened };
}

/** Writes down an endpoint that does not exist in the kernel yet, with a change. */
export function replanEndpoint(
  { store, drivers }: Pick<PlanParts, "store" | "drivers">,
  row: EndpointRow,
  change: Partial<Endpoint>,
): EndpointRow {
  const { network } = store.networks.resolve(row.endpoint.networkId);
  const endpoint = changedEndpoint(row.endpoint, change);
  const resources = endpointResources(driverOf(drivers, network), network, endpoint);
  const replanned = { ...row, endpoint, resources };
  store.endpoints.update(replanned);
  return replanned;
}

interface PortPlan {
  readonly network: Network;
  readonly endpoint: Endpoint;
  readonly ports: readonly PortRequest[];
}

/** Decides and claims ports of an endpoint whose row exists. */
export function planPorts(
  { store, warn }: Pick<PlanParts, "store" | "warn">,
  host: Routing & Sockets,
  { network, endpoint, ports }: PortPlan,
): readonly PortBinding[] {
  const { host_binding } = network.options as CommonOptions;
  const requests = ports.map((port) =>
    port.hostAddress === undefined && host_binding !== undefined ? { ...port, hostAddress: host_binding } : port,
  );
  refuseOtherFamily(network, endpoint.addresses, requests);
  if (requests.some(({ hostAddress }) => hostAddress === "::1")) {
    warn(
      "a port published on ::1 accepts no connection: the kernel cannot lead ::1 to a container, as it can 127.0.0.1",
    );
  }
  return assignPorts(store, host, { endpointId: endpoint.id, requests, isReserved: endpoint.reservesPorts === true });
}

function readyNetwork(row: NetworkRow): NetworkRow {
  if (row.state === "ready" || row.state === "changing") return row;
  throw busy(row, { noun: "network", called: `network "${row.network.name}"` });
}

function refuseTwice({ store }: PlanParts, network: Network, { netns, container }: EndpointRequest): void {
  const own = container === undefined ? store.endpoints.ofNetns(netns) : store.endpoints.ofContainer(container.id);
  const existing = own.find(({ endpoint }) => endpoint.networkId === network.id);
  if (existing === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_ENDPOINT_EXISTS",
    message: `${endpointUser(store, existing)} is on network "${network.name}" already, as ${existing.endpoint.interface}`,
    hint: "Disconnect it first, or choose another network.",
    details: { network: network.id, endpoint: existing.id },
  });
}

/** Before anything is leased to it: an IPAM driver knows endpoints by their ids. */
function refuseTakenId({ store }: PlanParts, id: string | undefined): void {
  const existing = id === undefined ? undefined : store.endpoints.get(id);
  if (existing === undefined) return;
  throw new TsdError({
    kind: "conflict",
    code: "TSD_ENDPOINT_DUPLICATE",
    message: `${endpointUser(store, existing)} has that id already`,
    hint: "Detach it first, or choose another id.",
    details: { id: existing.id },
  });
}

function metricOf(
  { store }: PlanParts,
  network: Network,
  { attachment, present }: EndpointRequest,
): number | undefined {
  if (network.internal || present === undefined) return undefined;
  const ranked = present.flatMap(({ endpoint }) => {
    const name = store.networks.get(endpoint.networkId)?.network.name ?? "";
    if (endpoint.metric === undefined) return [];
    return [{ priority: endpoint.gatewayPriority ?? 0, network: name, metric: endpoint.metric }];
  });
  return chooseMetric({ priority: attachment.gatewayPriority ?? 0, network: network.name }, ranked);
}

/** Follows from the address that the endpoint is to keep, if it asks for one, or else from its first. */
function chooseMac(
  network: Network,
  driver: NetworkDriver,
  { attachment, addresses }: { readonly attachment: NetworkAttachment; readonly addresses: readonly string[] },
): string {
  const shared = driver.sharedMac?.(network);
  if (shared !== undefined && attachment.mac !== undefined) throw sharesMac(network, attachment.mac);
  if (shared !== undefined) return shared;
  if (attachment.mac !== undefined) return parseMacAddress(attachment.mac);
  const isKept = (address: string): boolean =>
    (familyOf(address) === 6 ? attachment.address6 : attachment.address) !== undefined;
  const address = addresses.find(isKept) ?? addresses[0];
  return address === undefined ? newMac() : macOfAddress(network.id, address);
}

function sharesMac({ name, driver }: Network, mac: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_MAC_SHARED",
    message: `no container on network "${name}" of driver ${driver} can have the MAC address ${mac}: all share that of a link of the host`,
    hint: "Leave the MAC address out.",
    details: { network: name, driver, mac },
  });
}

/** A port cannot lead from an address of one family to a container that has none of it. */
function refuseOtherFamily(network: Network, addresses: readonly string[], ports: readonly PortRequest[]): void {
  // Others decide on addresses where the network has no subnets.
  if (addresses.length === 0) return;
  const families = addresses.map(familyOf);
  const port = ports.find(({ hostAddress }) => hostAddress !== undefined && !families.includes(familyOf(hostAddress)));
  if (port === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_PORT_FAMILY",
    message: `cannot publish on ${port.hostAddress}: containers on network "${network.name}" have only ${addresses.join(", ")}`,
    hint: "Publish on an address of the same family.",
    details: { hostAddress: port.hostAddress, addresses },
  });
}
