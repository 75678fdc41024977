import type { Change } from "./change.js";
import type { Containers, NetworkAttachment } from "./container.js";
import type { Explanation } from "./explain.js";
import type { Extension } from "./extension.js";
import type { ForwardDrop } from "./forwarding.js";
import type { Images } from "./image.js";
import type { PoolBase } from "./ipam.js";
import type { Endpoint, Labels, Network, RawOptions } from "./network.js";
import type { Plugins } from "./plugin.js";
import type { Damage, Drift, Orphan } from "./provider.js";
import type { Forgotten, RemovalOptions } from "./removal.js";
import type { Resource } from "./resource.js";
import type { OnStep } from "./step.js";

export interface NetworkSpec {
  readonly name: string;
  /** Default `bridge`. */
  readonly driver?: string;
  /** One of each family at most. Host bits may be set, and then name the gateway. Absent: a free pool. */
  readonly subnets?: readonly string[];
  /** Each belongs to the subnet that contains it, as do ranges and auxiliary addresses. */
  readonly gateways?: readonly string[];
  readonly ranges?: readonly string[];
  readonly auxiliary?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly ipv4?: boolean;
  /** Default: whether a subnet is IPv6. */
  readonly ipv6?: boolean;
  readonly internal?: boolean;
  readonly labels?: Labels;
  readonly options?: RawOptions;
  /** Where subnets and addresses come from, and its options; default tsd's own table. */
  readonly ipam?: { readonly driver: string; readonly options?: RawOptions };
  readonly allowOverlap?: boolean;
}

/** A network and who uses it. */
export interface NetworkDetails {
  readonly network: Network;
  readonly endpoints: readonly {
    readonly endpoint: Endpoint;
    readonly container?: { readonly id: string; readonly name: string };
  }[];
}

export interface Networks {
  create(spec: NetworkSpec): Promise<Network>;
  list(): readonly Network[];
  /** By name or id prefix. Throws `not-found`. */
  inspect(ref: string): NetworkDetails;
  /**
   * Throws `conflict` naming the users of a network in use, and `plugin` for one that has something only a plug-in removes that
   * is gone or fails, unless `force`.
   */
  remove(ref: string, options?: RemovalOptions): Promise<Network & Forgotten>;
  /** Removes every network without endpoints. Warns of one that cannot be removed. */
  prune(): Promise<readonly Network[]>;
  /**
   * Puts `target` on a network: a container by name or id prefix, running or not, or a namespace that tsd did not make:
   * `netns:PATH`, `netns:NAME` (of ip-netns(8)), `pid:N`. Returns the endpoint, unless the container does not run.
   */
  connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined>;
  /** Takes it off again. Throws `not-found` for what is not on that network, and `plugin` as {@link Networks.remove}. */
  disconnect(target: string, network: string, options?: RemovalOptions): Promise<Forgotten>;
}

export interface AttachSpec extends NetworkAttachment {
  /**
   * Id of the endpoint, 64 hexadecimal digits, for a program that has names of its own for it and derives the id from them.
   * Default: a random one.
   */
  readonly id?: string;
  /** Path of a network namespace: `/run/netns/x`, `/proc/4711/ns/net`. */
  readonly netns: string;
  /** Name of the interface inside; default the first free `eth<n>`. */
  readonly interface?: string;
  /**
   * As docker's `-p`. Ports belong to the namespace: of its endpoints, the one that the default route prefers publishes
   * them. One that another endpoint publishes already is not asked for twice, and is handed on when that endpoint goes.
   */
  readonly publish?: readonly string[];
  /** The caller's own words about the endpoint, which tsd keeps and does not read. */
  readonly labels?: Labels;
  /**
   * The caller keeps sockets of its own bound to the published ports, so that no other program takes them. They are no
   * conflict, and {@link System.check} does not report them.
   */
  readonly reservesPorts?: boolean;
  /** Bring `lo` of the namespace up. It stays up. */
  readonly loopback?: boolean;
}

/** An endpoint, and what exists for it. */
export interface EndpointDetails {
  readonly endpoint: Endpoint;
  readonly network: Network;
  /** What the network's driver listed for the endpoint. */
  readonly resources: readonly Resource[];
}

export interface Endpoints {
  /** Attaches any network namespace. Throws `conflict` for an id, an address or a port that is in use. */
  attach(spec: AttachSpec): Promise<Endpoint>;
  /** By endpoint id or id prefix. Throws `not-found`. */
  inspect(ref: string): EndpointDetails;
  /** By endpoint id or id prefix. The namespace itself stays. */
  detach(ref: string, options?: RemovalOptions): Promise<Endpoint & Forgotten>;
  list(): readonly Endpoint[];
}

/** The host-wide settings, as in `/etc/tsd/config.json`, whose keys are the flags of `tsd system init`. */
export interface HostSettings {
  /** The default network's bridge: one that exists, or `none` for no default network. Default `tsd0`, made when needed. */
  readonly bridge?: string;
  /** Address of the default bridge, with prefix length. */
  readonly bip?: string;
  /** The part of the default network's subnet that containers draw from. */
  readonly "fixed-cidr"?: string;
  readonly ipv6?: boolean;
  readonly "fixed-cidr-v6"?: string;
  /** Whether containers of the default network reach each other. Default true. */
  readonly icc?: boolean;
  /** Whether tsd switches forwarding on where it is needed. Default true. */
  readonly "ip-forward"?: boolean;
  /** Host address that ports of the default network are published on unless they name one. */
  readonly ip?: string;
  /** Bytes, or `auto`: that of the host's way out. */
  readonly mtu?: number | "auto";
  readonly "default-address-pools"?: readonly PoolBase[];
  /** `nftables`, `iptables`, `none`, or `auto` for the first that works. */
  readonly nat?: string;
}

export interface SystemInfo {
  readonly version: string;
  readonly apiVersion: number;
  readonly node: { readonly version: string; readonly path: string };
  readonly kernel: string;
  readonly root: string;
  readonly run: string;
  readonly drivers: readonly string[];
  readonly nat: {
    readonly backend: string;
    readonly why: string;
    /** Empty where the backend does not work here. */
    readonly version: string;
    readonly transport: string;
    /** Why it does not work here, and what to do, in the words of {@link System.doctor}. */
    readonly problem?: string;
  };
  /** Versions by program; `problem` in their place where containers cannot run here. */
  readonly runtime: Readonly<Record<string, string>>;
  readonly networks: number;
  readonly containers: { readonly total: number; readonly running: number };
  readonly images: number;
}

/** One way in which the machine differs from what tsd made. */
export type HostDrift = OwnedDrift | OrphanDrift | Outdated | SkeletonDamage | Unheard;

/** The rules that all networks stand on are not what they must be. */
export interface SkeletonDamage extends Damage {
  readonly problem: "damaged";
}

/** Drift of a resource that a row lists, with the row that owns it. */
export interface OwnedDrift extends Drift {
  /** The owner: a network, a container, or an endpoint, which has the name of its container or its namespace's path. */
  readonly of: { readonly kind: "network" | "container" | "endpoint"; readonly id: string; readonly name: string };
  /** False for what only a new start of the container brings back. */
  readonly repairable: boolean;
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

/** Something about the machine that keeps networks of containers from working as a user may expect. */
export interface Finding {
  /** One sentence, with the offending value. */
  readonly problem: string;
  readonly remedy: string;
  /** Good to know, and nothing is broken by it. */
  readonly harmless?: boolean;
}

export interface System {
  info(): Promise<SystemInfo>;
  /**
   * Keeps the settings, which beat those of the file, and makes the default network with all that are in force, which it
   * returns. `reset` removes earlier ones first. Throws `conflict` for a default network that is in use.
   */
  init(settings: HostSettings, options?: { readonly reset?: boolean }): Promise<HostSettings>;
  /** Compares the machine with the store and changes nothing. What other commands work on at this moment is left out. */
  check(): Promise<readonly HostDrift[]>;
  /** Looks for problems on the host that tsd must not fix itself. An empty list means that nothing was found. */
  doctor(): Promise<readonly Finding[]>;
  /**
   * Has chains of others that drop what networks send and get accept it, see {@link Passage}, until the last network is
   * removed. Returns those chains; a second time, none.
   */
  fix(): Promise<readonly ForwardDrop[]>;
  /**
   * The path of a packet, hop by hop, and whether it arrives; sends nothing. `from` is a container, a network (any container
   * on it), a namespace as {@link Networks.connect} takes it, `host`, `outside` or an address. `to` is
   * `CONTAINER[:PORT[/PROTOCOL]]`, with `host` or an address in place of the container, an IPv6 one in brackets where a port
   * follows; without a port a ping is meant, and tcp without a protocol. Throws `not-found` for who does not exist,
   * `invalid-input` for what is none of these.
   */
  explain(from: string, to: string): Promise<Explanation>;
  /**
   * Frees orphans: what bears tsd's marks and no row lists. It looks twice at each. Returns what it freed, and what would
   * not go.
   */
  gc(): Promise<{ readonly freed: readonly Orphan[]; readonly left: readonly Orphan[] }>;
  /**
   * Repairs the drift that {@link System.check} finds, and touches nothing else. Returns what it found, and what is still
   * so.
   */
  reload(): Promise<{ readonly found: readonly HostDrift[]; readonly left: readonly HostDrift[] }>;
  /**
   * What happens from now on, and with `all` what is still in the log as well, as it is committed. Ends with the log where
   * `follow` is false; else the caller stops listening.
   */
  events(options?: {
    readonly all?: boolean;
    readonly follow?: boolean;
    /** Stops listening, with the signal's reason. */
    readonly signal?: AbortSignal;
  }): AsyncIterable<Change>;
  /**
   * Moves every rule to another NAT backend; returns its name. Connections stay open, and new ones are accepted at every
   * moment. Throws `unsupported` where the one in force cannot be loaded any more, unless `force`, which gives up what it
   * holds.
   */
  useNat(backend: string, options?: { readonly force?: boolean }): Promise<string>;
}

/** Everything tsd can do. Get one from `openTsd`; it acts on the network namespace of the calling process. */
export interface Tsd extends Disposable {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly containers: Containers;
  readonly images: Images;
  readonly plugins: Plugins;
  readonly system: System;
  /** What stopped the work left by a dead process from being finished at opening; the next opening tries again. */
  readonly unfinished?: unknown;
  /** What `using tsd = await openTsd()` calls at the end of the block. Containers run on. */
  close(): void;
}

/** See {@link TsdOptions.leftWork}. */
export type LeftWork = "finish" | "if-idle" | "leave";

export interface TsdOptions {
  /** What third parties add; beside what `tsd plugin add` installed. */
  readonly extensions?: readonly Extension[];
  /** State that survives a reboot; default `$TSD_ROOT` or /var/lib/tsd. */
  readonly root?: string;
  /** State that does not; default `$TSD_RUN` or /run/tsd. */
  readonly run?: string;
  /** File of {@link HostSettings}; default `$TSD_CONFIG` or /etc/tsd/config.json. It need not exist. */
  readonly config?: string;
  /** Receives one sentence about each thing that works, but not as a user may expect. */
  readonly onWarning?: (warning: string) => void;
  /** OCI runtime, by name or path; default `$TSD_RUNTIME`, else crun, else runc. */
  readonly runtime?: string;
  /** How nftables elements travel: our own nfnetlink socket, or the nft program; default `$TSD_NFT` or `netlink`. */
  readonly nft?: "netlink" | "exec";
  /** Which of the two iptables programs the iptables backend runs; default `$TSD_IPTABLES`, else the system's choice. */
  readonly iptables?: "nft" | "legacy";
  /**
   * What is done at opening about work that dead processes left: `finish` it, which is the default; `if-idle`, for who only
   * looks, finish it if no other command is writing at this moment; `leave` it to others.
   */
  readonly leftWork?: LeftWork;
  /**
   * Makes a plan of all that follows: nothing is changed, neither the machine nor tsd's state, and each step that would be
   * taken is told instead. The use cases are the same, and answer as if all had been done; containers end when asked to.
   */
  readonly dryRun?: OnStep;
  /**
   * Begins with an empty state where there is none and things of tsd's are there all the same, which is refused otherwise.
   * What exists is an orphan then, and {@link System.gc} removes it, running containers too.
   */
  readonly forget?: boolean;
}
