import type { ClusterPlace, Network } from "../../api/index.js";
import type { Keys } from "../../cluster/records/keys.js";
import type { WatchedPlace } from "../../contracts/index.js";

/** Prefixes and keys below which stands all that a host reads for one network. */
export interface RecordPlaces {
  readonly hosts: string;
  /** Prefix of what hosts have of the network: of the next four. */
  readonly contents: string;
  readonly members: string;
  readonly blocks: string;
  readonly endpoints: string;
  readonly held: string;
  /** Prefix of this host's own part of the network's directory. No host watches that: each writes its own. */
  readonly listed: string;
  readonly ofNetwork: readonly string[];
  /** Keys of single records. */
  readonly single: readonly string[];
  /** Where all of that changes: the host's address is claimed and given up with the host. */
  readonly watched: readonly WatchedPlace[];
}

export function placesOf(
  keys: Keys,
  { id, name, cluster }: Pick<Network, "id" | "name"> & { readonly cluster: ClusterPlace },
): RecordPlaces {
  const contents = keys.contentsOf(id);
  const [members, blocks, endpoints, held] = [
    keys.members(id),
    keys.blocks(id),
    `${contents}endpoints/`,
    keys.heldAddresses(id),
  ];
  const ofName = [keys.network(name), keys.version, keys.vni(cluster.vni)];
  return {
    ...{ hosts: keys.hosts, contents, members, blocks, endpoints, held },
    listed: keys.listedOn(id, cluster.host),
    ofNetwork: [members, blocks, endpoints, held],
    single: [...ofName, keys.address(cluster.address)],
    watched: [contents, keys.hosts, ofName],
  };
}
