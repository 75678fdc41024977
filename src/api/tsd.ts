import type { Containers } from "./container.js";
import type { Images } from "./image.js";
import type { Endpoint, Labels, Network, RawOptions } from "./network.js";

export interface NetworkSpec {
  readonly name: string;
  /** Default `bridge`. */
  readonly driver?: string;
  /** Host bits may be set, and then name the gateway. Absent: a free pool. */
  readonly subnet?: string;
  readonly gateway?: string;
  readonly range?: string;
  readonly labels?: Labels;
  readonly options?: RawOptions;
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
  /** Throws `conflict` naming the users of a network in use. */
  remove(ref: string): Promise<Network>;
  /** Removes every network without endpoints. */
  prune(): Promise<readonly Network[]>;
}

export interface AttachSpec {
  /** Name or id prefix of the network. */
  readonly network: string;
  /** Path of a network namespace: `/run/netns/x`, `/proc/4711/ns/net`. */
  readonly netns: string;
  /** Name of the interface inside; default the first free `eth<n>`. */
  readonly interface?: string;
  /** A particular address; default the next free one. */
  readonly address?: string;
  /** As docker's `-p`. */
  readonly publish?: readonly string[];
}

export interface Endpoints {
  /** Attaches any network namespace, whoever made it. */
  attach(spec: AttachSpec): Promise<Endpoint>;
  /** By endpoint id or id prefix. The namespace itself stays. */
  detach(ref: string): Promise<Endpoint>;
  list(): readonly Endpoint[];
}

export interface SystemInfo {
  readonly version: string;
  readonly apiVersion: number;
  readonly node: { readonly version: string; readonly path: string };
  readonly kernel: string;
  readonly root: string;
  readonly run: string;
  readonly drivers: readonly string[];
  readonly nat: { readonly backend: string; readonly version: string; readonly transport: string };
  readonly runtime: Readonly<Record<string, string>>;
  readonly networks: number;
  readonly containers: { readonly total: number; readonly running: number };
  readonly images: number;
}

export interface System {
  info(): Promise<SystemInfo>;
}

/** Everything tsd can do. Get one from `openTsd`; it acts on the network namespace of the calling process. */
export interface Tsd {
  readonly networks: Networks;
  readonly endpoints: Endpoints;
  readonly containers: Containers;
  readonly images: Images;
  readonly system: System;
  /** What stopped the work left by a dead process from being finished at opening; the next opening tries again. */
  readonly unfinished?: unknown;
  close(): void;
}

export interface TsdOptions {
  /** State that survives a reboot; default `$TSD_ROOT` or /var/lib/tsd. */
  readonly root?: string;
  /** State that does not; default `$TSD_RUN` or /run/tsd. */
  readonly run?: string;
  /** OCI runtime, by name or path; default `$TSD_RUNTIME`, else crun, else runc. */
  readonly runtime?: string;
  /** How nftables elements travel: our own nfnetlink socket, or the nft program; default `$TSD_NFT` or `netlink`. */
  readonly nft?: "netlink" | "exec";
}
