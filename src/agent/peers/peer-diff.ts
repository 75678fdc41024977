import type { HostPeer, Peer } from "../../api/index.js";

/** Peers of a network by id, as they were brought about. */
export type KnownPeers = ReadonlyMap<string, Peer>;

export interface PeerDiff {
  readonly put: readonly Peer[];
  readonly gone: readonly string[];
}

/** What is to change so that `wanted` is what there is: of all, or of those with these ids alone. */
export function peerDiff(
  known: ReadonlyMap<string, Peer | undefined>,
  wanted: KnownPeers,
  ids?: Iterable<string>,
): PeerDiff {
  const concerned = ids === undefined ? [...wanted.values()] : [...ids].flatMap((id) => wanted.get(id) ?? []);
  return {
    put: concerned.filter((peer) => !isSame(known.get(peer.id), peer)),
    gone: [...(ids ?? known.keys())].filter((id) => known.has(id) && !wanted.has(id)),
  };
}

export function byId(peers: readonly Peer[]): KnownPeers {
  return new Map(peers.map((peer) => [peer.id, peer]));
}

/**
 * `wanted`, and of `known` what contradicts nothing in it: what a state that was put back does not know yet, and its host will write
 * again.
 */
export function keeping(known: KnownPeers, wanted: KnownPeers): KnownPeers {
  const taken = new Set([...wanted.values()].flatMap(claimsOf));
  const kept = [...known.values()].filter(
    (peer) => !wanted.has(peer.id) && !claimsOf(peer).some((one) => taken.has(one)),
  );
  const hosts = new Set([...wanted.values(), ...kept].filter(({ kind }) => kind === "host").map(({ host }) => host));
  return new Map([...wanted, ...byId(kept.filter(({ host }) => hosts.has(host)))]);
}

function claimsOf(peer: Peer): readonly string[] {
  return peer.kind === "host"
    ? [`host ${peer.host}`, `address ${peer.address}`, peer.mac, ...keysOf(peer), ...peer.blocks]
    : [peer.mac, ...peer.addresses];
}

function keysOf({ wireguard }: HostPeer): readonly string[] {
  return wireguard === undefined ? [] : [wireguard.publicKey];
}

function isSame(one: Peer | undefined, other: Peer): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
