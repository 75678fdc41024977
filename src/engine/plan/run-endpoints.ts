import type { NetworkAttachment, Sandbox } from "../../api/index.js";
import type { ContainerRow, EndpointRow, Host, PortRequest, Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { requestsOf } from "../requests/container-requests.js";
import { exposedPorts } from "../requests/exposed-ports.js";
import { planEndpoint, replanEndpoint } from "./endpoint-plan.js";
import { planShares, publishingEndpoint, sharesOf } from "./port-shares.js";
import type { Proposed } from "./proposed.js";

type EndpointParts = Pick<Parts, "store" | "processes" | "addressBook" | "drivers" | "warn">;

export interface EndpointsRequest {
  readonly row: ContainerRow;
  readonly networkMode: { readonly attachments: readonly NetworkAttachment[] };
  readonly proposed: Proposed;
}

/** Plans an endpoint for each network of a container that starts, in the order asked for, and shares its ports out among them. */
export function planEndpoints(
  parts: EndpointParts,
  host: Host,
  { row, networkMode, proposed }: EndpointsRequest,
): readonly EndpointRow[] {
  const { netns = "" } = row.container.sandbox as Sandbox;
  const planned: EndpointRow[] = [];
  for (const attachment of networkMode.attachments) {
    const taken = ["lo", ...planned.map(({ endpoint }) => endpoint.interface)];
    const place = { netns, taken, present: planned, ports: [], container: row };
    planned.push(planEndpoint(parts, host, { attachment, proposed, ...place }));
  }
  const requests = requestedPorts(parts.store, row);
  if (requests.length === 0) return planned;
  if (publishingEndpoint(parts, planned) === undefined) {
    parts.warn(`container "${row.container.name}" is on no network that publishes ports, so that none is published`);
    return planned;
  }
  const added = planShares(parts, host, { rows: planned, requests });
  const shares = sharesOf(parts, planned, [...added.values()].flat());
  return planned.map((endpoint) => {
    const { opened = [] } = shares.get(endpoint.id) ?? {};
    return replanEndpoint(parts, endpoint, { ports: added.get(endpoint.id) ?? [], opened });
  });
}

/** What `-p` and `-P` ask for. */
export function requestedPorts(store: Store, row: ContainerRow): readonly PortRequest[] {
  const { publish: given } = requestsOf(row);
  if (!row.container.spec.publishAll) return given;
  const published = new Set(given.map(({ protocol, containerPort, count }) => `${protocol} ${containerPort} ${count}`));
  const exposed = exposedPorts(store, row).filter(
    ({ protocol, port, count }) => !published.has(`${protocol} ${port} ${count}`),
  );
  return [...given, ...exposed.map(({ protocol, port, count }) => ({ protocol, containerPort: port, count }))];
}
