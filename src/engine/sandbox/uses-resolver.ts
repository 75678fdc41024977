import type { Network } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { listsNeighbours } from "./name-directory.js";

/**
 * True for a container whose own namespace needs a resolver: on one network at least that has names. It is the container that
 * is responsible for its sandbox, and its endpoints count from the moment their rows are written until they are `deleting`.
 */
export function usesResolver(store: Pick<Store, "networks" | "endpoints">, { id, container }: ContainerRow): boolean {
  // Only a namespace that tsd makes for a container has a maker.
  if (container.sandbox?.maker === undefined) return false;
  return store.endpoints.ofContainer(id).some(({ state, endpoint }) => {
    const network = store.networks.get(endpoint.networkId)?.network;
    return state !== "deleting" && network !== undefined && hasNames(network);
  });
}

/** Whether containers on it have the resolver: on any but the default network, unless it was made without. */
export function hasNames(network: Pick<Network, "name" | "disableDns">): boolean {
  return listsNeighbours(network) && network.disableDns !== true;
}
