import { familyOf, withoutPrefix } from "../../api/address-family.js";
import type { Network } from "../../api/index.js";
import type { NetworkRow, Store } from "../../contracts/index.js";
import { isStretched } from "../rows/is-stretched.js";
import { type Directory, listsNeighbours, type Neighbour, readNeighbours } from "../sandbox/name-directory.js";
import { addNames, type NameMap } from "./name-map.js";
import { remoteNames } from "./remote-names.js";

/** A network as all see it that are on it. */
export interface NetworkNames {
  readonly network: Network;
  readonly neighbours: readonly Neighbour[];
  /** Names in lower case with their addresses; none on a network whose containers do not know each other. */
  readonly byName: NameMap;
  /** A container's name, behind it that of the network. */
  readonly byAddress: ReadonlyMap<string, string>;
  /** Whether any of the addresses is IPv6. */
  readonly has6: boolean;
  /** Whether other hosts have containers there of which no row is here. */
  readonly hasMore: boolean;
}

interface Kept {
  readonly version: number;
  readonly fingerprint: string;
  readonly names: NetworkNames;
}

/**
 * Who is on which network, as the store has it at a version. At another one a network is compared with what is known, and read
 * again if it has changed: of its containers those that are new.
 */
export class LiveDirectory implements Directory {
  private readonly networks = new Map<string, Kept>();
  private version = 0;

  constructor(private readonly store: Pick<Store, "networks" | "endpoints" | "containers" | "peers">) {}

  /** What is returned from now on is as the store has it at this version or later. */
  moveTo(version: number): void {
    this.version = version;
  }

  on(networkId: string): readonly Neighbour[] {
    return this.names(networkId)?.neighbours ?? [];
  }

  listed(networkId: string): readonly Neighbour[] {
    const names = this.names(networkId);
    return names !== undefined && listsNeighbours(names.network) ? names.neighbours : [];
  }

  /** Undefined for a network that is gone. */
  names(networkId: string): NetworkNames | undefined {
    const { version } = this;
    const kept = this.networks.get(networkId);
    if (kept?.version === version) return kept.names;
    const row = this.store.networks.get(networkId);
    if (row === undefined) return undefined;
    const { network } = row;
    const { endpoints, peers } = this.store;
    const elsewhere = network.cluster === undefined ? "" : peers.namesFingerprint(networkId);
    const fingerprint = `${endpoints.fingerprint({ networkId })} ${elsewhere}`;
    const names =
      kept?.fingerprint === fingerprint ? { ...kept.names, network } : this.read(row, kept?.names.neighbours);
    this.networks.set(networkId, { version, fingerprint, names });
    return names;
  }

  /** Forgets all other networks. */
  retain(networkIds: ReadonlySet<string>): void {
    for (const id of this.networks.keys()) if (!networkIds.has(id)) this.networks.delete(id);
  }

  private read(row: NetworkRow, former: readonly Neighbour[] = []): NetworkNames {
    const { network } = row;
    const before = new Map(former.map((one) => [one.endpoint.id, one]));
    const neighbours = readNeighbours(this.store, network.id, ({ id, containerId = "" }) => {
      const known = before.get(id);
      return known?.container.id === containerId ? known : this.store.containers.outline(containerId);
    });
    const byName = new Map<string, string[]>();
    const byAddress = new Map<string, string>();
    for (const { container, endpoint, names } of listsNeighbours(network) ? neighbours : []) {
      const addresses = endpoint.addresses.map(withoutPrefix);
      addNames(byName, names, addresses);
      for (const address of addresses) byAddress.set(address, `${container.name}.${network.name}`);
    }
    for (const { names, addresses } of remoteNames(this.store, network)) {
      addNames(byName, names, addresses);
      for (const address of addresses) {
        if (!byAddress.has(address)) byAddress.set(address, `${names[0]}.${network.name}`);
      }
    }
    const has6 = [...byAddress.keys()].some((address) => familyOf(address) === 6);
    const hasMore = network.cluster !== undefined && !isStretched(row);
    return { network, neighbours, byName, byAddress, has6, hasMore };
  }
}
