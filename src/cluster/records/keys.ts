/**
 * Names and addresses of one endpoint by which other hosts find it: the record and all of these are written in one commit, beside those
 * that go.
 */
const MOST_NAMES = 50;
const MOST_ADDRESSES = 8;
/** Names that an endpoint found by its address has. */
const MOST_OF_ADDRESS = 8;

/** An endpoint in the directory of its network. */
interface Listed {
  readonly networkId: string;
  readonly host: string;
  readonly id: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** What stands in the directory for an endpoint beside its record. */
interface ListedCopy {
  readonly key: string;
  /** Which of its names are said there: 50 times all of them would be more than one change may have. */
  readonly names: readonly string[];
}

/** Keys of one cluster's records; what they hold is in src/contracts/cluster-records.ts. */
export class Keys {
  readonly version: string;
  readonly hosts: string;
  readonly alive: string;
  readonly networks: string;
  readonly contents: string;
  readonly directory: string;
  readonly #root: string;

  constructor(cluster: string) {
    this.#root = `/tsd/${cluster}/`;
    this.version = `${this.#root}version`;
    this.hosts = `${this.#root}hosts/`;
    this.alive = `${this.#root}alive/`;
    this.networks = `${this.#root}networks/`;
    this.contents = `${this.#root}network/`;
    this.directory = `${this.#root}directory/`;
  }

  host(name: string): string {
    return `${this.hosts}${name}`;
  }

  address(address: string): string {
    return `${this.#root}addresses/${address}`;
  }

  aliveHost(name: string): string {
    return `${this.alive}${name}`;
  }

  network(name: string): string {
    return `${this.networks}${name}`;
  }

  vni(vni: number): string {
    return `${this.#root}vnis/${vni}`;
  }

  /** All that hosts have of a network. */
  contentsOf(networkId: string): string {
    return `${this.contents}${networkId}/`;
  }

  members(networkId: string): string {
    return `${this.contentsOf(networkId)}members/`;
  }

  member(networkId: string, host: string): string {
    return `${this.members(networkId)}${host}`;
  }

  blocks(networkId: string): string {
    return `${this.contentsOf(networkId)}blocks/`;
  }

  block(networkId: string, cidr: string): string {
    return `${this.blocks(networkId)}${cidr.replace("/", "_")}`;
  }

  endpoint(networkId: string, endpointId: string): string {
    return `${this.contentsOf(networkId)}endpoints/${endpointId}`;
  }

  /** All endpoints of a network that other hosts ask for and do not follow, and what they are called. */
  directoryOf(networkId: string): string {
    return `${this.directory}${networkId}/`;
  }

  listed(networkId: string): string {
    return `${this.directoryOf(networkId)}endpoints/`;
  }

  listedOn(networkId: string, host: string): string {
    return `${this.listed(networkId)}${host}/`;
  }

  listedEndpoint(networkId: string, host: string, endpointId: string): string {
    return `${this.listedOn(networkId, host)}${endpointId}`;
  }

  /** Of endpoints with that name, in any case. */
  named(networkId: string, name: string): string {
    return `${this.directoryOf(networkId)}names/${name.toLowerCase()}/`;
  }

  /** One for each name, and for each address. */
  copiesOf({ networkId, id, host, names, addresses }: Listed): readonly ListedCopy[] {
    const byName = new Map(names.map((name) => [name.toLowerCase(), name]));
    const ofAddress = names.slice(0, MOST_OF_ADDRESS);
    return [
      ...[...byName].slice(0, MOST_NAMES).map(([lower, name]) => ({
        key: this.namedEndpoint(networkId, lower, { host, id }),
        names: [...new Set([...names.slice(0, 1), name])],
      })),
      ...[...new Set(addresses)].slice(0, MOST_ADDRESSES).map((address) => ({
        key: `${this.addressed(networkId, address, host)}${id}`,
        names: ofAddress,
      })),
    ];
  }

  namedEndpoint(networkId: string, name: string, at: { readonly host: string; readonly id: string }): string {
    return `${this.named(networkId, name)}${at.host}/${at.id}`;
  }

  /** Of endpoints of one host with that address. */
  addressed(networkId: string, address: string, host: string): string {
    return `${this.directoryOf(networkId)}addresses/${address}/${host}/`;
  }

  heldAddresses(networkId: string): string {
    return `${this.contentsOf(networkId)}held/`;
  }

  held(networkId: string, address: string): string {
    return `${this.heldAddresses(networkId)}${address}`;
  }
}

/** A key of {@link Keys.contents} in its parts. */
export interface ContentKey {
  readonly networkId: string;
  readonly kind: "members" | "blocks" | "endpoints" | "held";
  /** Host, CIDR, id or address. */
  readonly name: string;
}

/** Undefined for a key that is none of tsd's. */
export function parseContentKey(keys: Keys, key: string): ContentKey | undefined {
  if (!key.startsWith(keys.contents)) return undefined;
  const [networkId = "", kind = "", name = "", ...rest] = key.slice(keys.contents.length).split("/");
  if (rest.length > 0 || name === "") return undefined;
  if (kind !== "members" && kind !== "blocks" && kind !== "endpoints" && kind !== "held") return undefined;
  return { networkId, kind, name: kind === "blocks" ? name.replace("_", "/") : name };
}
