import type { Endpoint } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { linkedContainers } from "./links.js";
import type { Directory, Neighbour } from "./name-directory.js";
import { hostNames } from "./name-files.js";

type NameStore = Pick<Store, "endpoints" | "containers">;

/** Names of one container on one network. */
interface NamedAddresses {
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

/** What a container knows of one network that it is on. */
export interface KnownNames {
  /** Its own there. IPv6 addresses of others mean nothing to one without. */
  readonly endpoint: Endpoint;
  readonly own: NamedAddresses;
  readonly links: readonly NamedAddresses[];
  /** All others, on networks that a user made. */
  readonly neighbours: readonly Neighbour[];
}

/**
 * The names that a container which is responsible for its sandbox knows, by network, beside the lines of its sandbox. Its
 * /etc/hosts and what its resolver says follow from this.
 */
export function knownNames(store: NameStore, row: ContainerRow, directory: Directory): readonly KnownNames[] {
  const attached = store.endpoints.ofContainer(row.id).filter(({ state }) => state !== "deleting");
  return attached.map(({ endpoint }) => ({
    endpoint,
    own: { addresses: endpoint.addresses, names: ownNames(row, endpoint) },
    links: linkNames(store, row, endpoint.networkId),
    neighbours: directory.listed(endpoint.networkId).filter(({ container }) => container.id !== row.id),
  }));
}

function ownNames({ id, container }: ContainerRow, { aliases = [] }: Endpoint): readonly string[] {
  const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
  return [...host, container.name, ...aliases, shortId(id)];
}

function linkNames(store: NameStore, row: ContainerRow, networkId: string): readonly NamedAddresses[] {
  return linkedContainers(store, row, networkId).map(({ alias, row: { id, container }, endpoint: { addresses } }) => {
    const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
    return { addresses, names: [alias, container.name, shortId(id), ...host] };
  });
}
