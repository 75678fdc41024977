/** Keys of one cluster's records; what they hold is in src/contracts/cluster-records.ts. */
export class Keys {
  readonly version: string;
  readonly hosts: string;
  readonly alive: string;
  readonly networks: string;
  readonly contents: string;
  readonly #root: string;

  constructor(cluster: string) {
    this.#root = `/tsd/${cluster}/`;
    this.version = `${this.#root}version`;
    this.hosts = `${this.#root}hosts/`;
    this.alive = `${this.#root}alive/`;
    this.networks = `${this.#root}networks/`;
    this.contents = `${this.#root}network/`;
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
