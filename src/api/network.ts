import type { Protocol } from "./resource.js";

/** `creating` and `deleting` with a dead owner are unfinished work, which the next command undoes or completes. */
export type LifeState = "creating" | "ready" | "deleting";

export interface Subnet {
  /** Network address and prefix length, host bits clear: `10.10.10.0/24`. */
  readonly cidr: string;
  readonly gateway: string;
  /** The part of `cidr` that dynamic allocation draws from, itself a CIDR; default all of it. */
  readonly range?: string;
}

/** Key–value pairs as the user typed them. */
export type RawOptions = Readonly<Record<string, string>>;
export type Labels = Readonly<Record<string, string>>;

/** A network as a driver sees it: everything decided, nothing left to look up. */
export interface Network {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly subnets: readonly Subnet[];
  /** Validated by the driver's `parseOptions`. */
  readonly options: RawOptions;
  readonly labels: Labels;
  /** Random, locally administered; for the network's own link where it has one. */
  readonly mac: string;
  /** Interfaces by which the host reaches other machines, and whether they forward IPv4 now. A fact, taken at creation. */
  readonly uplinks: readonly Uplink[];
}

export interface Uplink {
  readonly name: string;
  readonly forwarding: boolean;
}

/** One published port or a range of them, `count` long. */
export interface PortBinding {
  readonly protocol: Protocol;
  readonly hostAddress?: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly count: number;
}

/** A namespace's attachment to a network. */
export interface Endpoint {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly networkId: string;
  /** Path of the namespace that is attached. */
  readonly netns: string;
  /** Interface name inside the namespace. */
  readonly interface: string;
  readonly mac: string;
  /** One per subnet of the network, in its order, with prefix length. */
  readonly addresses: readonly string[];
  readonly ports: readonly PortBinding[];
  /** True if the default route of the namespace leads here. */
  readonly gateway: boolean;
}
