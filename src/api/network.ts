import type { ForwardChain } from "./forwarding.js";
import type { Protocol } from "./intent.js";
import type { ClusterPlace } from "./peer.js";

/**
 * All but `ready` with a dead owner are unfinished work: the next command undoes `creating`, and completes `changing` and
 * `deleting`.
 */
export type LifeState = "creating" | "ready" | "changing" | "deleting";

export interface Subnet {
  /** Network address and prefix length, host bits clear: `10.10.10.0/24`. */
  readonly cidr: string;
  readonly gateway: string;
  /** The part of `cidr` that dynamic allocation draws from, itself a CIDR; default all of it. */
  readonly range?: string;
  /** Addresses that no container gets, by what the user calls them. */
  readonly auxiliary?: Readonly<Record<string, string>>;
}

/** Key–value pairs as the user typed them. */
export type RawOptions = Readonly<Record<string, string>>;
/** Plain JSON that a driver keeps about the host. */
export type Facts = Readonly<Record<string, unknown>>;
export type Labels = Readonly<Record<string, string>>;

/** A network as a driver sees it: everything decided, nothing left to look up. */
export interface Network {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** Name of the extension of others that brings the driver; absent for tsd's own. */
  readonly extension?: string;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly subnets: readonly Subnet[];
  /** Validated by the driver's `parseOptions`. */
  readonly options: RawOptions;
  readonly labels: Labels;
  /** Random, locally administered; for the network's own link where it has one. */
  readonly mac: string;
  /**
   * Interfaces by which the host reaches other machines, and whether they forwarded IPv4 before the network came. It follows
   * the host, as {@link Network.egressMtu} and {@link Network.forwarding6} do.
   */
  readonly uplinks: readonly Uplink[];
  /** No packet passes between containers and the world outside the network. */
  readonly internal?: boolean;
  /** MTU in bytes of the host's way out; absent where there has been none yet. */
  readonly egressMtu?: number;
  /** tsd leaves forwarding of packets by the host alone (`--ip-forward=false`). */
  readonly leaveForwarding?: boolean;
  /**
   * Present where the kernel can switch IPv6 forwarding only for the host as a whole: whether it was on
   * before.
   */
  readonly forwarding6?: boolean;
  /** What the driver's {@link NetworkDriver.observe} returned; absent where it has none. */
  readonly facts?: Facts;
  /** Which IPAM driver its addresses come from, see {@link IpamDriver}; absent: tsd's own. */
  readonly ipam?: NetworkIpam;
  /** Foreign chains that tsd was asked to open for the packets of containers; absent for none. */
  readonly passages?: readonly ForwardChain[];
  /** Present for a network that spans hosts. */
  readonly cluster?: ClusterPlace;
  /** See {@link NetworkSpec.managedBy}. */
  readonly managedBy?: string;
  /** See {@link NetworkSpec.dns}. */
  readonly dns?: readonly string[];
  /** See {@link NetworkSpec.disableDns}. */
  readonly disableDns?: boolean;
}

/** What `--ipam-driver` and `--ipam-opt` say. */
export interface NetworkIpam {
  readonly driver: string;
  /** Validated by its `parseOptions`. */
  readonly options: RawOptions;
}

export interface Uplink {
  readonly name: string;
  /** The kernel's number for it, which a new name leaves (netdevice(7)). */
  readonly index?: number;
  /** `net.ipv4.conf.<name>.forwarding` */
  readonly forwarding: boolean;
  /** `net.ipv6.conf.<name>.force_forwarding` (Linux 6.17); undefined if the kernel does not support it, or has no IPv6. */
  readonly forwarding6?: boolean;
  /**
   * `net.ipv6.conf.<name>.accept_ra` is 1 or 2: it accepts router advertisements, and with 1 would not once it forwards.
   * Undefined if forwarding goes by interface, which does not matter to it.
   */
  readonly heedsRouters?: boolean;
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
  /** The MAC address that was asked for; absent where it was left to tsd. */
  readonly requestedMac?: string;
  /** One per subnet of the network, in its order, with prefix length; none of IPv6 where the container has it off. */
  readonly addresses: readonly string[];
  readonly ports: readonly PortBinding[];
  /**
   * Ports that another endpoint publishes, and that others call at this one's own addresses as well, of the family of
   * `hostAddress`; see {@link NetworkDriver.reachedDirectly}. They take no ports of the host.
   */
  readonly opened?: readonly PortBinding[];
  /**
   * Metric of the namespace's default route through this endpoint; the lowest of a namespace wins, so that the next takes
   * over by itself when one goes. Absent: none leads here.
   */
  readonly metric?: number;
  /** How it ranks for the default route; default 0. */
  readonly gatewayPriority?: number;
  /** Names of the container on this network beside its own. */
  readonly aliases?: readonly string[];
  /** Containers of the same network that this one may talk to where neighbours may not. */
  readonly links?: readonly EndpointLink[];
  /** What the driver's `parseEndpointOptions` answered. */
  readonly options?: RawOptions;
  /** See {@link AttachSpec.handover}. */
  readonly handover?: string;
  /** The caller's own, see {@link AttachSpec.labels}. */
  readonly labels?: Labels;
  /** See {@link AttachSpec.reservesPorts}. */
  readonly reservesPorts?: boolean;
}

export interface EndpointLink {
  /** Addresses of the other container, without prefix length. */
  readonly addresses: readonly string[];
  /** The ports it exposes. */
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number; readonly count: number }[];
}
