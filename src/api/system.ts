import type { Change } from "./change.js";
import type { Instant } from "./container.js";
import type { Explanation, ReachMatrix, ReachMatrixOptions } from "./explain.js";
import type { ForwardDrop } from "./forwarding.js";
import type { HostDrift } from "./host-drift.js";
import type { PoolBase } from "./ipam.js";
import type { HostMap } from "./map.js";
import type { CaptureOptions, Probe } from "./probe.js";
import type { Orphan } from "./provider.js";

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
  /** Of the file alone: where images come from. */
  readonly registries?: RegistrySettings;
}

/** How registries are reached; see docs/images.md. */
export interface RegistrySettings {
  /** Places that are asked before the registry itself, by its host as names of images have it: `https://mirror.example`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** `HOST[:PORT]` of registries without TLS, or with a certificate that nobody vouches for. */
  readonly insecure?: readonly string[];
}

export interface SystemInfo {
  readonly version: string;
  readonly apiVersion: number;
  /** What runs this process: in the executable it is Bun, and `path` the executable. */
  readonly javascript: { readonly runtime: string; readonly version: string; readonly path: string };
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
  /** {@link System.explain} for each two containers that run. Throws `not-found` for a network that does not exist. */
  explainMatrix(options?: ReachMatrixOptions): Promise<ReachMatrix>;
  /**
   * {@link System.explain}, and sends that packet from where `from` is: opens a TCP connection and closes it, or sends one
   * datagram or one ping. Waits three seconds at most. Throws `unsupported` for a caller that is no place to send from:
   * `outside`, an address of another machine, anybody on a network.
   */
  probe(from: string, to: string): Promise<Probe>;
  /**
   * Captures packets in the namespace of a container that runs, or in one that {@link Networks.connect} takes, until the
   * program ends or the container does. Returns its exit code. Throws `unsupported` where no such program is installed.
   */
  capture(target: string, options: CaptureOptions): Promise<number>;
  /**
   * Networks, who is on them, what is published, and what differs of each: `drifts` as {@link System.check} found them just
   * before, else what it finds now. Changes nothing.
   */
  map(options?: { readonly drifts?: readonly HostDrift[] }): Promise<HostMap>;
  /**
   * Frees orphans: what bears tsd's marks and no row lists. It looks twice at each. Returns what it freed, and what would
   * not go. `force` forgets leases that their IPAM driver does not release.
   */
  gc(options?: {
    readonly force?: boolean;
  }): Promise<{ readonly freed: readonly Orphan[]; readonly left: readonly Orphan[] }>;
  /**
   * Repairs the drift that {@link System.check} finds, and touches nothing else. Returns what it found, and what is still
   * so.
   */
  reload(): Promise<{ readonly found: readonly HostDrift[]; readonly left: readonly HostDrift[] }>;
  /**
   * What happens from now on, and with `all` what is still in the log as well, as it is committed. Ends with the log where
   * `follow` is false, or at `until`; else the caller stops listening.
   */
  events(options?: {
    readonly all?: boolean;
    /** Begin with what the log has from then on. */
    readonly since?: Instant;
    /** End with what happened up to then. */
    readonly until?: Instant;
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
