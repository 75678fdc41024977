import type { ContainerStatus } from "./container.js";
import type { OrphanDrift, Outdated, OwnedDrift, SkeletonDamage, Unheard } from "./host-drift.js";
import type { PortBinding } from "./network.js";

/** The networks of a host with all that is on them, for pictures and lists. Everything is in a stable order: by name. */
export interface HostMap {
  /** The host's name. */
  readonly host: string;
  readonly uplinks: readonly MapUplink[];
  readonly networks: readonly MapNetwork[];
  /**
   * Containers that have no network namespace to themselves are together in one stack. Behind those of this host are those of other
   * hosts, on networks that span hosts, as far as this host knows of them.
   */
  readonly stacks: readonly MapStack[];
  /** What {@link System.check} found that belongs to no network and to no stack. */
  readonly drifts: readonly (OrphanDrift | SkeletonDamage)[];
}

/** A link by which the host reaches other machines. */
export interface MapUplink {
  readonly name: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

export interface MapNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** The host's link that its packets come in by; absent for a driver without one. */
  readonly link?: string;
  readonly subnets: readonly string[];
  /** What a user must know of it, each in a word or two: `internal`, `icc=false`, `isolate=false`, `no masquerade`. */
  readonly traits: readonly string[];
  readonly drifts: readonly (OwnedDrift | Outdated)[];
}

/** A network namespace with the containers in it, or a container that does not run. */
export interface MapStack {
  /**
   * Id of the first container, or the path of a namespace that no container of tsd's is in. For what is elsewhere it is of this
   * map alone.
   */
  readonly id: string;
  /** Present for what other hosts have on a network; it has no containers, as this host knows no ids of theirs. */
  readonly elsewhere?: MapElsewhere;
  /** Absent for the host's own, for what is elsewhere, and for what does not run. */
  readonly netns?: string;
  /** First the one whose network it is; empty for a namespace that tsd did not make. */
  readonly containers: readonly MapContainer[];
  /** `host`, `none`, or what else stands in place of networks; absent where it is on networks. */
  readonly mode?: string;
  readonly attachments: readonly MapAttachment[];
  readonly drifts: readonly (OwnedDrift | Unheard)[];
}

/** Endpoints of a network that spans hosts, on other hosts: one of a name, or as many as there are, where they are many. */
export interface MapElsewhere {
  /** The name of the one host that they are on; absent for what stands for the rest of many hosts. */
  readonly host?: string;
  /** How many hosts they are on. */
  readonly hosts: number;
  /** By which containers of the network know the one endpoint; absent for what stands for several, or has no name. */
  readonly name?: string;
  readonly endpoints: number;
}

export interface MapContainer {
  readonly id: string;
  readonly name: string;
  readonly status: ContainerStatus;
  readonly paused?: boolean;
  /** RFC 3339; of the present run. */
  readonly startedAt?: string;
}

export interface MapAttachment {
  readonly networkId: string;
  /** Absent for a network that a container which does not run will be on. */
  readonly endpointId?: string;
  readonly interface?: string;
  /** With prefix length; those that were asked for, where it does not run, and those on other hosts, without. */
  readonly addresses: readonly string[];
  readonly ports: readonly PortBinding[];
  /** See {@link AttachSpec.reservesPorts}. */
  readonly reservesPorts?: boolean;
}
