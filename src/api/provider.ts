import type { NatIntent, Resource, ResourceKind, ResourceOf } from "./resource.js";

/** One way in which the kernel differs from the list. */
export interface Drift {
  readonly resource: Resource;
  readonly problem: "missing" | "different";
  /** What was found instead, in words; absent for `missing`. */
  readonly found?: string;
}

/**
 * The owner of some kinds of resource. Each verb takes many at once, in the order of the list, so that a provider can
 * batch: one sendmsg per namespace, one firewall transaction per change.
 */
export interface Provider<K extends ResourceKind = ResourceKind> {
  readonly kinds: readonly K[];

  /**
   * Makes all of `resources` exist as described. Adopts what is already right; throws a TsdError of kind `conflict`
   * where something of another shape is in the way. May leave a part done when it throws: the caller removes the list.
   */
  ensure(resources: readonly ResourceOf<K>[]): Promise<void>;

  /** Makes none of `resources` exist, in the order given. What is already gone counts as removed. */
  remove(resources: readonly ResourceOf<K>[]): Promise<void>;

  /** Compares with the kernel and changes nothing. An empty answer means all is as described. */
  inspect(resources: readonly ResourceOf<K>[]): Promise<readonly Drift[]>;

  /**
   * What a verb would send, as words for a shell; see {@link Step}. Changes nothing. A list that fits together, such as the
   * intents of a backend, is described as a whole; each answer counts on the changes described before it.
   */
  describe(verb: "ensure" | "remove", resources: readonly ResourceOf<K>[]): Promise<readonly string[]>;
}

/** Whether a backend can work on this machine, and why not. */
export type Availability =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly reason: string; readonly hint: string };

/** A packet filter that can fulfil NAT intents. Backends are siblings: none knows of another. */
export interface NatBackend extends Provider<NatIntent["kind"]> {
  /** `nftables`, `iptables`, `none`. */
  readonly name: string;
  probe(): Promise<Availability>;
  /** Erases everything this backend ever made in this namespace, with no saved state. */
  purge(): Promise<void>;
  /** What {@link NatBackend.purge} would send; as {@link Provider.describe}. */
  describePurge(): Promise<readonly string[]>;
}
