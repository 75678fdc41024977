import type { Peer } from "../../api/index.js";
import type { NetworkRecord } from "../../contracts/index.js";
import type { LocalNetwork } from "../records/local-network.js";
import type { NetworkRecords } from "../records/shared-records.js";
import { endpointPeers } from "./endpoint-peers.js";
import { hostPeers } from "./host-peers.js";
import { networkBounds } from "./network-bounds.js";

export interface Judgement {
  readonly peers: readonly Peer[];
  /** Records of no use, and in half a sentence why, by the end of their keys, such as `members/HOST`. */
  readonly ignored: ReadonlyMap<string, string>;
}

/**
 * What a network of this host is to know of other hosts. Any host of the cluster can write any record, by mistake or with intent.
 * So a record counts only as far as it agrees with the network's own, takes nothing that this host has, and nothing that a record
 * before it has.
 */
export function peersOf(records: NetworkRecords, local: LocalNetwork, subnets: NetworkRecord["subnets"]): Judgement {
  const ignored = new Map<string, string>();
  const bounds = networkBounds(local, subnets);
  const hosts = hostPeers(records, bounds, ignored);
  const endpoints = endpointPeers(records, { bounds, hosts }, ignored);
  return { peers: [...hosts.values(), ...endpoints], ignored };
}
