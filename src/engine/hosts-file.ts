import type { ContainerRow, EndpointRow, File, Network, Store } from "../api/index.js";
import { defaultNetworkName } from "./default-network.js";
import { linkedContainers } from "./links.js";
import { nameFile, ownNames } from "./name-files.js";

/**
 * The /etc/hosts of a container that answers for its sandbox, as the store has it now: its own names, those of its links,
 * and on networks that a user made those of all others.
 */
export function hostsFile(store: Store, row: ContainerRow): File | undefined {
  const { sandbox } = row.container;
  if (sandbox === undefined) return undefined;
  const endpoints = liveEndpoints(store, store.endpoints.ofContainer(row.id));
  const lines = [
    ...sandbox.hosts,
    ...endpoints.flatMap(({ endpoint }) => linesFor(endpoint.addresses, ownNames(sandbox))),
    ...endpoints.flatMap(({ endpoint }) => linkLines(store, row, endpoint.networkId)),
    ...endpoints.flatMap(({ endpoint }) => neighbourLines(store, row, endpoint.networkId)),
  ];
  return nameFile(sandbox, "hosts", lines);
}

function linkLines(store: Store, row: ContainerRow, networkId: string): readonly string[] {
  return linkedContainers(store, row, networkId).flatMap(({ alias, name, endpoint }) =>
    linesFor(endpoint.addresses, [...new Set([alias, name])].join(" ")),
  );
}

function neighbourLines(store: Store, row: ContainerRow, networkId: string): readonly string[] {
  const network = store.networks.get(networkId)?.network;
  if (network === undefined || !listsNeighbours(network)) return [];
  const others = store.endpoints.ofNetwork(networkId).filter(({ containerId }) => containerId !== row.id);
  return liveEndpoints(store, others).flatMap(({ endpoint, containerId }) => {
    const container = store.containers.get(containerId ?? "")?.container;
    if (container === undefined) return [];
    return linesFor(endpoint.addresses, [container.name, ...(endpoint.aliases ?? [])].join(" "));
  });
}

/** As with docker, containers of the default network know each other by links alone. */
export function listsNeighbours({ name }: Network): boolean {
  return name !== defaultNetworkName;
}

/** Attachments of containers that run or are about to. */
export function liveEndpoints(store: Store, endpoints: readonly EndpointRow[]): readonly EndpointRow[] {
  return endpoints.filter(({ state, containerId }) => {
    const status = containerId === undefined ? undefined : store.containers.get(containerId)?.container.status;
    return state !== "deleting" && (status === "starting" || status === "running");
  });
}

function linesFor(addresses: readonly string[], names: string): readonly string[] {
  return addresses.map((address) => `${address.split("/")[0]}\t${names}`);
}
