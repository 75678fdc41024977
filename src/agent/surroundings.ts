import type { Peer } from "../api/index.js";
import type { ClusterState, Membership, NetworkNotes } from "../contracts/index.js";
import type { Changeable } from "./records/changeable.js";
import type { LocalNetwork } from "./records/local-network.js";

/** Time and chance, which tests decide. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Returns early if `signal` is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** This host's own state. */
export interface LocalState {
  /** Undefined for a network that is not here, or about to go. */
  network(id: string): LocalNetwork | undefined;
  /** Differs after each change of the state. */
  version(): unknown;
  /** Peers that it has, as its rows say. */
  peers(networkId: string): readonly Peer[];
  notes(networkId: string): NetworkNotes | undefined;
  note(networkId: string, notes: NetworkNotes): void;
  /** Has containers get no address of these blocks, and of all others of this host again. */
  loseBlocks(networkId: string, lost: readonly string[]): void;
  /** Has this host's part of the network be as its record says. */
  adopt(networkId: string, news: Changeable): void;
  /** Whether this host was removed from its cluster in that epoch. */
  isRemoved(epoch: string): boolean;
  noteRemoval(epoch: string): void;
}

/** Makes peers and removes them. */
export interface PeerChanger {
  /** Brings all of a network into line. */
  follow(networkId: string, peers: readonly Peer[]): Promise<void>;
  change(networkId: string, change: { readonly put: readonly Peer[]; readonly gone: readonly string[] }): Promise<void>;
}

/** What the agent works with. */
export interface Surroundings {
  readonly state: ClusterState;
  readonly membership: Membership;
  readonly local: LocalState;
  readonly peers: PeerChanger;
  /** Begins to remove a network that is not in the cluster any more and that nothing uses. */
  readonly removeNetwork: (id: string) => void;
  readonly clock: Clock;
  /** Of tsd. */
  readonly version: string;
}
