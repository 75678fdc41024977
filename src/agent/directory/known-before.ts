import type { Peer } from "../../api/index.js";
import type { NetworkRecord } from "../../contracts/index.js";
import { contains, readCidr } from "../../ipam/cidr.js";
import { byId, type KnownPeers } from "../peers/peer-diff.js";
import type { LocalNetwork } from "../records/local-network.js";
import type { NetworkRecords } from "../records/shared-records.js";

/** What decides whose an endpoint can be. */
export interface Known {
  readonly records: Pick<NetworkRecords, "blocks" | "held">;
  /** As they were judged. */
  readonly peers: KnownPeers;
  readonly subnets: NetworkRecord["subnets"];
}

/**
 * What an agent knows of a network before it has read the cluster's state, by the rows of the one before it: that may be minutes, where many
 * hosts start at once. Each host has a block of each subnet, so this one's own say how large blocks are.
 */
export function knownBefore(local: LocalNetwork, peers: readonly Peer[]): Known {
  const own = local.network.cluster.blocks.flatMap((block) => readCidr(block)?.cidr ?? []);
  const blocks = peers.flatMap((peer) =>
    peer.kind === "host"
      ? peer.blocks.map((block) => [block.replace("/", "_"), { value: JSON.stringify(peer.host), ...NEVER }] as const)
      : [],
  );
  return {
    ...{ peers: byId(peers), records: { blocks: new Map(blocks), held: new Map() } },
    subnets: local.network.subnets.flatMap(({ cidr, gateway }) => {
      const subnet = readCidr(cidr)?.cidr;
      const block = own.find((one) => subnet !== undefined && contains(subnet, one));
      return block === undefined ? [] : [{ cidr, gateway, blockPrefix: block.prefix }];
    }),
  };
}

const NEVER = { created: 0, modified: 0 };
