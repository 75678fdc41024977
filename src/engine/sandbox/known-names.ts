import type { Endpoint } from "../../api/index.js";
import type { ContainerOutline, ContainerRow, Store } from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { linkedContainers } from "./links.js";
import { hostNames } from "./name-files.js";

/** Names of one container on one network. */
interface NamedAddresses {
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

type Attached = Pick<Endpoint, "networkId" | "addresses" | "aliases">;

/** What a container knows of one network that it is on, beside its neighbours there. */
export interface KnownNames<E extends Attached> {
  /** Its own there. IPv6 addresses of others mean nothing to one without. */
  readonly endpoint: E;
  readonly own: NamedAddresses;
  readonly links: readonly NamedAddresses[];
}

interface Knower<E extends Attached> {
  readonly container: ContainerOutline["container"];
  /** Of a container with links, which only its row has. */
  readonly linking: ContainerRow | undefined;
  readonly attached: readonly E[];
}

/**
 * The names that a container which is responsible for its sandbox knows, by network, beside the lines of its sandbox and the
 * names of a {@link Directory}. Its /etc/hosts and what its resolver says follow from these.
 */
export function knownNames<E extends Attached>(
  store: Pick<Store, "networks" | "endpoints" | "containers">,
  { container, linking, attached }: Knower<E>,
): readonly KnownNames<E>[] {
  return attached.map((endpoint) => ({
    endpoint,
    own: { addresses: endpoint.addresses, names: ownNames(container, endpoint) },
    links: linking === undefined ? [] : linkNames(store, linking, endpoint.networkId),
  }));
}

function ownNames({ id, name, sandbox }: ContainerOutline["container"], { aliases = [] }: Attached): readonly string[] {
  const host = sandbox === undefined ? [] : hostNames(sandbox);
  return [...host, name, ...aliases, shortId(id)];
}

function linkNames(
  store: Pick<Store, "networks" | "endpoints" | "containers">,
  row: ContainerRow,
  networkId: string,
): readonly NamedAddresses[] {
  return linkedContainers(store, row, networkId).map(({ alias, row: { id, container }, endpoint: { addresses } }) => {
    const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
    return { addresses, names: [alias, container.name, shortId(id), ...host] };
  });
}
