import type { Endpoint } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { linkedContainers } from "./links.js";
import type { NameDirectory, Neighbour } from "./name-directory.js";
import { hostNames } from "./name-files.js";

/** Names of one container on one network. */
export interface NamedAddresses {
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

/** What a container knows of one network that it is on. */
export interface KnownNames {
  /** Its own there. IPv6 addresses of others mean nothing to one without. */
  readonly endpoint: Endpoint;
  readonly own: readonly NamedAddresses[];
  readonly links: readonly NamedAddresses[];
  /** All others, on networks that a user made. */
  readonly neighbours: readonly Neighbour[];
}

/**
 * The names that a container which is responsible for its sandbox knows, by network, beside the lines of its sandbox. Its
 * /etc/hosts and what its resolver says follow from this.
 */
export function knownNames(store: Store, row: ContainerRow, directory: NameDirectory): readonly KnownNames[] {
  const attached = store.endpoints.ofContainer(row.id).filter(({ state }) => state !== "deleting");
  return attached.map(({ endpoint }) => ({
    endpoint,
    own: ownNames(directory, row, endpoint.networkId),
    links: linkNames(store, row, endpoint.networkId),
    neighbours: directory.listed(endpoint.networkId).filter(({ container }) => container.id !== row.id),
  }));
}

function ownNames(
  directory: NameDirectory,
  { id, container }: ContainerRow,
  networkId: string,
): readonly NamedAddresses[] {
  const own = directory.on(networkId).filter((one) => one.container.id === id);
  const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
  return own.map(({ endpoint: { addresses, aliases } }) => ({
    addresses,
    names: [...host, container.name, ...aliases, shortId(id)],
  }));
}

function linkNames(store: Store, row: ContainerRow, networkId: string): readonly NamedAddresses[] {
  return linkedContainers(store, row, networkId).map(({ alias, row: { id, container }, endpoint: { addresses } }) => {
    const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
    return { addresses, names: [alias, container.name, shortId(id), ...host] };
  });
}
