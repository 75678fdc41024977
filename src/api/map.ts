import type { ContainerStatus } from "./container.js";
import type { OrphanDrift, Outdated, OwnedDrift, SkeletonDamage, Unheard } from "./host-drift.js";
import type { PortBinding } from "./network.js";

/** The networks of a host with all that is on them, for pictures and lists. Everything is in a stable order: by name. */
export interface HostMap {
  /** The host's name. */
  readonly host: string;
  readonly uplinks: readonly MapUplink[];
  readonly networks: readonly MapNetwork[];
  /** Containers that have no network namespace to themselves are together in one stack. */
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
  /** Id of the first container, or the path of a namespace that no container of tsd's is in. */
  readonly id: string;
  /** Absent for the host's own, and for what does not run. */
  readonly netns?: string;
  /** First the one whose network it is; empty for a namespace that tsd did not make. */
  readonly containers: readonly MapContainer[];
  /** `host`, `none`, or what else stands in place of networks; absent where it is on networks. */
  readonly mode?: string;
  readonly attachments: readonly MapAttachment[];
  readonly drifts: readonly (OwnedDrift | Unheard)[];
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
  /** With prefix length; those that were asked for, where it does not run, without. */
  readonly addresses: readonly string[];
  readonly ports: readonly PortBinding[];
  /** See {@link AttachSpec.reservesPorts}. */
  readonly reservesPorts?: boolean;
}
