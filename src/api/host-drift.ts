import type { Damage, Drift, Orphan } from "./provider.js";

/** One way in which the machine differs from what tsd made. */
export type HostDrift = OwnedDrift | OrphanDrift | Outdated | SkeletonDamage | Unheard;

/** The rules that all networks stand on are not what they must be. */
export interface SkeletonDamage extends Damage {
  readonly problem: "damaged";
}

/** Drift of a resource that a row lists, with the row that owns it. */
export interface OwnedDrift extends Drift {
  /**
   * The owner: a network, a container, or an endpoint, which has the name of its container or its namespace's path. A peer has words:
   * `host "b" of network "web"`.
   */
  readonly of: {
    readonly kind: "network" | "container" | "endpoint" | "volume" | "peer";
    readonly id: string;
    readonly name: string;
  };
  /** False for what only a new start of the container brings back. */
  readonly repairable: boolean;
  /** Why `reload` could not repair it, in words. */
  readonly obstacle?: string;
}

/** The host has changed, and a network has not followed yet. */
export interface Outdated {
  readonly problem: "outdated";
  readonly of: { readonly kind: "network"; readonly id: string; readonly name: string };
  /** What changed, in words. */
  readonly what: string;
}

/**
 * A process of the host listens on a port that an endpoint publishes, and receives nothing. `reload` does not change that.
 */
export interface Unheard {
  readonly problem: "unheard";
  /** Has the port. */
  readonly of: OwnedDrift["of"];
  /** Which process listens, and where, in words. */
  readonly what: string;
}

/** Something that no row lists; see {@link System.gc}. */
export interface OrphanDrift extends Orphan {
  readonly problem: "stray";
}
