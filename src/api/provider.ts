import type { NatIntent } from "./intent.js";
import type { Endpoint } from "./network.js";
import type { Resource, ResourceKind, ResourceOf } from "./resource.js";

/** One way in which the kernel differs from the list. */
export interface Drift {
  readonly resource: Resource;
  /** `unchecked`: a plug-in is needed to compare it, and is gone or fails. */
  readonly problem: "missing" | "different" | "unchecked";
  /** What was found instead, or why nothing could be, in words; absent for `missing`. */
  readonly found?: string;
}

/** What is known of an endpoint's interface only once it exists. What is absent is as it was planned. */
export type Learned = Partial<Pick<Endpoint, "interface" | "mac" | "addresses">>;

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

  /** Compares with the kernel and changes nothing. An empty list means that everything is as described. */
  inspect(resources: readonly ResourceOf<K>[]): Promise<readonly Drift[]>;

  /**
   * What others decided about an endpoint's interface while `resource`, which exists, was made; undefined for nothing. Absent
   * where only lists decide. What it returns replaces what the endpoint's row says, and the row's list stays.
   */
  learn?(resource: ResourceOf<K>): Promise<Learned | undefined>;

  /**
   * What a verb would send, as words for a shell; see {@link Step}. Changes nothing. A list that fits together, such as the
   * intents of a backend, is described as a whole; each call assumes the changes described before it.
   */
  describe(verb: "ensure" | "remove", resources: readonly ResourceOf<K>[]): Promise<readonly string[]>;
}

/** Something that bears tsd's marks and that no row of the store lists: a crash or another program left it. */
export interface Orphan {
  /** `namespace`, `link`, `element` … */
  readonly kind: string;
  /** What names it among its kind, for people too: `veth1234567890a`. */
  readonly what: string;
  /** Why it is an orphan, as a clause that follows "since": `no endpoint lists it`. */
  readonly why: string;
  /**
   * For a rule of a packet filter that does not say which installation made it: `unmarked` names a row, which may be another
   * installation's; `ownerless` names none. Absent where it is this installation's.
   */
  readonly standing?: "unmarked" | "ownerless";
}

/** Finds and frees orphans of some kinds, beside a {@link Provider}, which sees only what it is told to look for. */
export interface Sweeper<R extends Resource = Resource> {
  /**
   * Lists what bears tsd's marks, then asks `wanted` what the rows list, then lists again. A row is written before the
   * kernel is touched and deleted after it, so what is in both listings and in no row is an orphan, whatever other commands
   * do meanwhile. Changes nothing.
   */
  orphans(wanted: () => readonly R[]): Promise<readonly Orphan[]>;

  /** Frees those of `orphans` that are its own and still there. May leave others when it throws. */
  sweep(orphans: readonly Orphan[], options?: SweepOptions): Promise<void>;
}

export interface SweepOptions {
  /** What only a record of tsd's knows, and who holds it does not free, is forgotten. */
  readonly force?: boolean;
}

/** Whether a backend can work on this machine, and why not. */
export type Availability =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly reason: string; readonly hint: string };

/**
 * What an intent does to one packet. `aspect` says which of the many sides of {@link Isolate} it is: how it treats calls
 * from other bridges that are `open` to each other, pings, what is published, everything else that comes in, what may not
 * leave an `internal` bridge; and replies through the host to callers behind the same bridge (`hairpin`) or on the host's
 * `loopback`; and what goes to other hosts by its `trunk`.
 */
export interface PacketEffect {
  readonly intent: NatIntent;
  readonly aspect?:
    | "neighbour"
    | "open"
    | "pingable"
    | "published"
    | "else"
    | "internal"
    | "hairpin"
    | "loopback"
    | "trunk";
  readonly family: 4 | 6;
  /** The packet's destination port. */
  readonly port?: number;
}

/** One way in which a backend's {@link Skeleton} differs from what it must be. */
export interface Damage {
  /** `table inet tsd, chain forward`. */
  readonly where: string;
  /** `rule too many: accept`. */
  readonly what: string;
}

/**
 * What all intents of a backend stand on, the same on every host: its tables, sets, chains, and the rules that no intent
 * adds. Installations that share a namespace share it.
 */
export interface Skeleton {
  /** Compares all of it with what it must be, and changes nothing. An empty list if it was never made. */
  inspect(): Promise<readonly Damage[]>;
  /** Makes it what it must be. Intents keep what they have, and no packet meets a part of the change. */
  repair(): Promise<void>;
  /** What {@link Skeleton.repair} would send; as {@link Provider.describe}. */
  describeRepair(): Promise<readonly string[]>;
}

/** A packet filter that can fulfil NAT intents. Backends are siblings: none knows of another. */
export interface NatBackend extends Provider<NatIntent["kind"]> {
  /** `nftables`, `iptables`, `none`. */
  readonly name: string;
  /**
   * Intents that it carries out. tsd refuses what needs others before anything of it is made: a network with `guarded` or an `inlet`
   * needs `guard`, and one with a `trunk`, an `inlet` or `remote` needs `segment`.
   */
  readonly kinds: readonly NatIntent["kind"][];
  probe(): Promise<Availability>;
  /**
   * Erases what bears this installation's mark in this namespace, and the skeleton where no other installation has anything
   * on it. `owners` are ids of rows: theirs goes without a mark too, as earlier versions left it.
   */
  purge(owners?: ReadonlySet<string>): Promise<void>;
  /** The rule or element that does it, in the words of the backend's own tools, for people; undefined for none. Pure. */
  ruleFor?(effect: PacketEffect): string | undefined;
  /** Absent where the backend makes nothing that could be left over. */
  readonly sweeper?: Sweeper<NatIntent>;
  /** What {@link NatBackend.purge} would send; as {@link Provider.describe}. */
  describePurge(owners?: ReadonlySet<string>): Promise<readonly string[]>;
  /** Absent where intents stand on nothing. */
  readonly skeleton?: Skeleton;
}
