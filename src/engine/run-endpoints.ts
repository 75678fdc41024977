import type { ContainerRow, EndpointRow, NetworkAttachment, Sandbox, Store } from "../api/index.js";
import { requireDriver } from "./drivers.js";
import { planEndpoint } from "./endpoint-plan.js";
import { exposedPorts } from "./exposed-ports.js";
import type { Host } from "./host.js";
import type { Parts } from "./parts.js";
import { type PortRequest, parsePort } from "./port-spec.js";

type EndpointParts = Pick<Parts, "store" | "processes" | "ipam" | "drivers" | "warn">;

export interface EndpointsRequest {
  readonly row: ContainerRow;
  readonly placement: { readonly attachments: readonly NetworkAttachment[] };
}

/**
 * Plans an endpoint for each network of a container that starts, in the order asked for. Its ports are published by the
 * network that its default route leads to.
 */
export function planEndpoints(
  parts: EndpointParts,
  host: Host,
  { row, placement }: EndpointsRequest,
): readonly EndpointRow[] {
  const { netns = "" } = row.container.sandbox as Sandbox;
  const ports = requestedPorts(parts.store, row);
  const publisher = publishingAttachment(parts, placement.attachments);
  if (ports.length > 0 && publisher === undefined) {
    parts.warn(`container "${row.container.name}" is on no network that publishes ports, so that none is published`);
  }
  const planned: EndpointRow[] = [];
  for (const attachment of placement.attachments) {
    const taken = ["lo", ...planned.map(({ endpoint }) => endpoint.interface)];
    const own = attachment === publisher ? ports : [];
    planned.push(planEndpoint(parts, host, { attachment, netns, taken, present: planned, ports: own, container: row }));
  }
  return planned;
}

/** What `-p` and `-P` ask for. */
export function requestedPorts(store: Store, { container }: ContainerRow): readonly PortRequest[] {
  const given = (container.spec.publish ?? []).map(parsePort);
  if (!container.spec.publishAll) return given;
  const published = new Set(given.map(({ protocol, containerPort, count }) => `${protocol} ${containerPort} ${count}`));
  const exposed = exposedPorts(store, container).filter(
    ({ protocol, port, count }) => !published.has(`${protocol} ${port} ${count}`),
  );
  return [...given, ...exposed.map(({ protocol, port, count }) => ({ protocol, containerPort: port, count }))];
}

/** Of those whose networks publish, the one that the default route will lead to. */
function publishingAttachment(
  { store, drivers }: EndpointParts,
  attachments: readonly NetworkAttachment[],
): NetworkAttachment | undefined {
  const candidates = attachments.flatMap((attachment) => {
    const { network } = store.networks.resolve(attachment.network);
    const { publishes } = requireDriver(drivers, network.driver).capabilities;
    return publishes && !network.internal ? [{ attachment, name: network.name }] : [];
  });
  candidates.sort(
    (a, b) =>
      (b.attachment.gatewayPriority ?? 0) - (a.attachment.gatewayPriority ?? 0) ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  return candidates[0]?.attachment;
}

/** The host's own addresses as the container sees them: the gateways of its first network, of the families that it has there. */
export function hostGateways(store: Store, { id }: ContainerRow): readonly string[] {
  const [first] = store.endpoints.ofContainer(id);
  if (first === undefined) return [];
  const { networkId, addresses } = first.endpoint;
  const gateways = (store.networks.get(networkId)?.network.subnets ?? []).map(({ gateway }) => gateway);
  return gateways.filter((gateway) => addresses.some((address) => address.includes(":") === gateway.includes(":")));
}
