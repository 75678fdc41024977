import type {
  Container,
  Endpoint,
  EndpointPeer,
  LifeState,
  Network,
  NetworkIpam,
  Peer,
  Resource,
  Volume,
} from "../api/index.js";
import type { ContainerRequests } from "./container-requests.js";
import type { Owner } from "./processes.js";

export interface Row {
  readonly id: string;
  readonly state: LifeState;
  /** Who last moved the row to `creating` or `deleting`. */
  readonly owner: Owner;
  /** What exists in the kernel for this row, in the order of its making. */
  readonly resources: readonly Resource[];
  /** What a row that is `changing` had before and has no more. */
  readonly leaving?: readonly Resource[];
  /**
   * A plug-in kept a process from finishing what a dead one left, at that time (RFC 3339). It counts as long as that process is
   * the row's owner.
   */
  readonly postponed?: { readonly at: string; readonly by: Owner };
}

export interface NetworkRow extends Row {
  readonly network: Network;
}

export interface EndpointRow extends Row {
  readonly endpoint: Endpoint;
  /** Absent for a namespace that tsd did not make. */
  readonly containerId?: string;
  /** That of its network, whose driver holds something for this endpoint. */
  readonly ipam?: NetworkIpam;
}

export interface ContainerRow extends Row {
  readonly container: Container;
  /** What the words of the container's spec mean; absent in rows that a tsd of schema 4 or older wrote. */
  readonly requests?: ContainerRequests;
  /** What a row that is `changing` had before, and who changes it; a row that runs has its owner for that. */
  readonly before?: Pick<Container, "spec" | "paused"> & { readonly by: Owner };
  /** Its volumes without a name go with it. */
  readonly takesVolumes?: boolean;
}

export interface VolumeRow extends Row {
  readonly volume: Volume;
  /** Only while it is `creating`: id of the container that it is made for, and comes into being with. */
  readonly madeFor?: string;
}

/** See {@link EndpointPeer}. */
export type NamedPeer = Pick<EndpointPeer, "names" | "addresses">;

/** What another host, or an endpoint there, needs on this one for a network. */
export interface PeerRow extends Row {
  readonly peer: Peer;
}
