import { withoutPrefix } from "../../api/address-family.js";
import type { Endpoint, EndpointLink } from "../../api/index.js";
import type { ContainerRow, LinkRequest, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { requestsOf } from "../requests/container-requests.js";
import { exposedPorts } from "../requests/exposed-ports.js";
import { networkIdOf } from "../rows/network-id.js";

export interface Linked {
  readonly alias: string;
  readonly row: ContainerRow;
  /** The other container's, on that network. */
  readonly endpoint: Endpoint;
}

/** The containers on a network that this one is linked to and that run now. */
export function linkedContainers(
  store: Pick<Store, "networks" | "endpoints" | "containers">,
  row: ContainerRow,
  networkId: string,
): readonly Linked[] {
  const isHere = ({ network }: LinkRequest): boolean =>
    network === undefined || networkIdOf(store, network) === networkId;
  const links = requestsOf(row).links.filter(isHere);
  return links.flatMap(({ ref, alias }) => {
    const other = findContainer(store, ref);
    if (other === undefined || other.container.status === "stopping") return [];
    return store.endpoints
      .ofContainer(other.id)
      .filter(({ state, endpoint }) => state !== "deleting" && endpoint.networkId === networkId)
      .map(({ endpoint }) => ({ alias, row: other, endpoint }));
  });
}

/** What an endpoint of the container may talk to by its links. */
export function endpointLinks(store: Store, row: ContainerRow, networkId: string): readonly EndpointLink[] {
  return linkedContainers(store, row, networkId).map(({ row: other, endpoint }) => ({
    addresses: endpoint.addresses.map(withoutPrefix),
    ports: exposedPorts(store, other),
  }));
}

/**
 * Throws `conflict` for a link to a container that does not run, or is on none of the networks that this one will be on,
 * `not-found` for one that does not exist. A link for one network alone waits for the other container, as with docker: two
 * containers may link to each other.
 */
export function requireLinks(store: Store, row: ContainerRow, networkIds: readonly string[]): void {
  const { name } = row.container;
  for (const { ref, network } of requestsOf(row).links) {
    if (network !== undefined) continue;
    const { id, container } = store.containers.resolve(ref);
    if (container.status === "running") {
      const shared = store.endpoints.ofContainer(id).some(({ endpoint }) => networkIds.includes(endpoint.networkId));
      if (shared) continue;
      throw new TsdError({
        kind: "conflict",
        code: "TSD_LINK_NETWORK",
        message: `container "${container.name}" is on no network that "${name}" is to be on, and so cannot be linked to`,
        hint: `Put it on one: tsd network connect NETWORK ${container.name}`,
        details: { container: id },
      });
    }
    throw new TsdError({
      kind: "conflict",
      code: "TSD_LINK_NOT_RUNNING",
      message: `container "${container.name}" is not running, and so cannot be linked to`,
      hint: `Start it first: tsd start ${container.name}`,
      details: { container: container.id, status: container.status },
    });
  }
}

function findContainer(store: Pick<Store, "containers">, ref: string): ContainerRow | undefined {
  try {
    return store.containers.resolve(ref);
  } catch (error) {
    if (TsdError.is(error)) return undefined;
    throw error;
  }
}
