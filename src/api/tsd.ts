import type { Cluster, NetworkMember, SharedNetwork } from "./cluster.js";
import type { Containers } from "./containers.js";
import type { DiskUsage } from "./disk-usage.js";
import type { Extension } from "./extension.js";
import type { Images } from "./image.js";
import type { Endpoint, Labels, Network, RawOptions } from "./network.js";
import type { NetworkAttachment } from "./network-attachment.js";
import type { Plugins } from "./plugin.js";
import type { Forgotten, RemovalOptions } from "./removal.js";
import type { Resource } from "./resource.js";
import type { OnStep } from "./step.js";
import type { System } from "./system.js";
import type { Volumes } from "./volume.js";

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
  /** The program that made it and will remove it, as docker does; {@link Networks.prune} leaves it alone. */
  readonly managedBy?: string;
  /** Has chains of others accept what is for the network's containers, where they drop it, as {@link System.fix} does. */
  readonly opensChains?: boolean;
  /** Name servers that the resolver asks for its containers' other names, in place of the host's. */
  readonly dns?: readonly string[];
  /** Containers that are on such networks alone have no resolver, and know their neighbours by /etc/hosts. */
  readonly disableDns?: boolean;
}

/** A network and who uses it. */
export interface NetworkDetails {
  readonly network: Network;
  /** Containers that are on it ask tsd's resolver for names. */
  readonly hasResolver: boolean;
  readonly endpoints: readonly {
    readonly endpoint: Endpoint;
    readonly container?: { readonly id: string; readonly name: string };
  }[];
}

/** A network as {@link Networks.overview} shows it. */
export interface NetworkOverview extends Omit<NetworkDetails, "network"> {
  /** Of one that this host does not use, what all hosts have of it. */
  readonly network: Network | SharedNetwork;
  /** Other hosts that have it. */
  readonly members: readonly NetworkMember[];
}

/** A name of a container on a network where all know it. */
export interface NetworkName {
  readonly name: string;
  /** Without prefix length. Another container may have the same name. */
  readonly addresses: readonly string[];
  readonly container: { readonly id: string; readonly name: string };
  readonly network: { readonly id: string; readonly name: string };
}

/** What {@link Networks.update} changes; what is absent stays. */
export interface NetworkChange {
  /** Added to those it has, or in their place. */
  readonly labels?: Labels;
  /** Keys of labels that go. */
  readonly withoutLabels?: readonly string[];
  /** In place of the name servers it has; none: the host's are asked. */
  readonly dns?: readonly string[];
  /** Options that its driver can change in use, see {@link NetworkDriver.changeable}; an empty value means the default. */
  readonly options?: RawOptions;
}

export interface Networks {
  create(spec: NetworkSpec): Promise<Network>;
  list(): readonly Network[];
  /**
   * Changes a network and what is on it, running or not, as it is in use. A change that fails is undone. Throws `not-found`,
   * `unsupported` for an option that cannot change, and `conflict` for a network that another command or program changes.
   */
  update(ref: string, change: NetworkChange): Promise<Network>;
  /** By name or id prefix. Throws `not-found`. */
  inspect(ref: string): NetworkDetails;
  /**
   * Makes the default network where `ref` names it, which otherwise comes with its first container. Does nothing for any other name.
   */
  prepare(ref: string): Promise<void>;
  /**
   * As {@link Networks.inspect}, with what other hosts have of a network that spans hosts; none of it, and a warning, where the cluster
   * cannot be asked. A network of the cluster that this host does not use is found by its name, and stays unused.
   */
  overview(ref: string): Promise<NetworkOverview>;
  /** What the cluster of this host has under that name, whether or not this host uses it; undefined for nothing, and without a cluster. */
  shared(name: string): Promise<SharedNetwork | undefined>;
  /**
   * By which names containers of a network, or of every one, know each other at this moment, besides by their ids. Throws
   * `not-found`.
   */
  names(ref?: string): readonly NetworkName[];
  /**
   * Throws `conflict` naming the users of a network in use, and `plugin` for one that has something only a plug-in removes that
   * is gone or fails, unless `force`.
   */
  remove(ref: string, options?: RemovalOptions): Promise<Network & Forgotten>;
  /**
   * Removes every network without endpoints that no other program manages, `only` those for which it returns true. Warns of
   * one that cannot be removed.
   */
  prune(options?: { readonly only?: (network: Network) => boolean }): Promise<readonly Network[]>;
  /**
   * Puts `target` on a network: a container by name or id prefix, running or not, or a namespace that tsd did not make:
   * `netns:PATH`, `netns:NAME` (of ip-netns(8)), `pid:N`. Returns the endpoint, unless the container does not run.
   */
  connect(target: string, attachment: NetworkAttachment): Promise<Endpoint | undefined>;
  /**
   * Puts several targets on a network, or none of them where one cannot be; namespaces alone in one transaction. A command that is
   * killed in between leaves each connected or not. Throws `invalid-input` for an address, which only one can have.
   */
  connectMany(targets: readonly string[], attachment: NetworkAttachment): Promise<readonly (Endpoint | undefined)[]>;
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
  /**
   * The caller takes the interface into the namespace itself, and gives it its name, addresses, routes and parameters. tsd
   * makes it in the host's namespace under this name, down. `netns` need not exist, and can be set later, see
   * {@link Endpoints.place}.
   */
  readonly handover?: string;
}

/** An endpoint, and what exists for it. */
export interface EndpointDetails {
  readonly endpoint: Endpoint;
  readonly network: Network;
  /** What the network's driver listed for the endpoint. */
  readonly resources: readonly Resource[];
}

/** What {@link Endpoints.detachMany} has detached, each once. */
export interface Detached extends Forgotten {
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoints {
  /** Attaches any network namespace. Throws `conflict` for an id, an address or a port that is in use. */
  attach(spec: AttachSpec): Promise<Endpoint>;
  /**
   * Attaches all of them or none, in far less time than one after the other. Of several for one namespace, each counts as
   * later than those before it. Throws as {@link Endpoints.attach} for the first that cannot be.
   */
  attachMany(specs: readonly AttachSpec[]): Promise<readonly Endpoint[]>;
  /** By endpoint id or id prefix. Throws `not-found`. */
  inspect(ref: string): EndpointDetails;
  /**
   * Notes which namespace the interface of an endpoint goes to that was attached with {@link AttachSpec.handover}. It need not
   * exist yet. Throws `unsupported` for another endpoint, and `invalid-input` where the path leads to something else.
   */
  place(ref: string, netns: string): Promise<Endpoint>;
  /**
   * Publishes these ports by an endpoint that {@link Endpoints.attach} made, and ends its other publications. They are written
   * as for `attach`. A network that publishes none ignores them. Throws `conflict` for a port that is in use.
   */
  publish(ref: string, ports: readonly string[]): Promise<Endpoint>;
  /** By endpoint id or id prefix. The namespace itself stays. */
  detach(ref: string, options?: RemovalOptions): Promise<Endpoint & Forgotten>;
  /**
   * Detaches all of them, in far less time than one after the other. Throws before the first if one of them does not exist, or
   * belongs to a container. Where something cannot be removed it throws; the next command finishes the others, and tries that again.
   */
  detachMany(refs: readonly string[], options?: RemovalOptions): Promise<Detached>;
  list(): readonly Endpoint[];
}

/** Everything tsd can do. Get one from `openTsd`; it acts on the network namespace of the calling process. */
export interface Tsd extends Disposable {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly containers: Containers;
  readonly images: Images;
  readonly volumes: Volumes;
  /** Measures what tsd has on the disk. */
  diskUsage(): Promise<DiskUsage>;
  readonly plugins: Plugins;
  /** Hosts with which this one shares networks. */
  readonly cluster: Cluster;
  readonly system: System;
  /** What stopped the work left by a dead process from being finished at opening. The next opening tries again; what a plug-in stopped waits for a minute, or for `check`, `gc` or `reload`. */
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
