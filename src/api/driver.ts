import type { HostView } from "./host-view.js";
import type { Endpoint, Facts, Network, RawOptions } from "./network.js";
import type { Peer } from "./peer.js";
import type { Resource } from "./resource.js";

/**
 * Options that the engine reads for networks of every driver, under these keys of what `parseOptions` and
 * `parseEndpointOptions` answer.
 */
export interface CommonOptions {
  /** Interfaces in containers are called so, with a number behind; default `eth`. */
  readonly iface_prefix?: string;
  /** Host address for ports that are published without one. */
  readonly host_binding?: string;
  /** Of an endpoint: the name of the interface in the container. */
  readonly ifname?: string;
  /** Of an endpoint: parameters of that interface by commas, `net.ipv6.conf.IFNAME.disable_ipv6=1`. */
  readonly sysctls?: string;
}

/** Options that tsd itself reads, of networks that span hosts. Values are as users give them. */
export interface SpanningOptions {
  /** Prefix length of the part of the IPv4 subnet that a host claims at once. */
  readonly block?: string;
  /** The same of the IPv6 subnet. */
  readonly block_ipv6?: string;
  /** A particular number of the network on the wire. */
  readonly vni?: string;
  /** `true`: each host has a WireGuard key and a UDP port for the network. */
  readonly encrypted?: string;
  /** That UDP port, on all hosts. Absent: one that is free, from 51820 on. */
  readonly port?: string;
}

/** Facts about a driver that the engine asks before it acts, as flags instead of type tests. */
export interface DriverCapabilities {
  /** Networks of this driver have subnets, and endpoints take addresses from them. */
  readonly needsIpam: boolean;
  /** Endpoints can publish ports. */
  readonly publishes: boolean;
  /**
   * Whose network namespace a container on this network lives in: its `own`, the `host`'s, that of the `container` named
   * after the colon (`--net container:web`), or the one at the `path` after the colon.
   */
  readonly namespace: "own" | "host" | "container" | "path";
  /**
   * Its containers are on a network that the host may be on itself: their subnet may be one that the host has a route to.
   * Absent: false.
   */
  readonly joinsLan?: boolean;
  /** Its networks are the same on all hosts of a cluster, see {@link Network.cluster}. Absent: false. */
  readonly spansHosts?: boolean;
  /** There is exactly one network of this driver, called as the driver; it is there from the start and stays. */
  readonly singleton: boolean;
}

/**
 * A kind of network. A driver performs no side effect: it returns what must exist, and the engine makes it. The result must
 * depend on the arguments alone, since removal and repair use the list that was returned at creation.
 */
export interface NetworkDriver {
  /** The word after `--driver`. */
  readonly type: string;
  readonly capabilities: DriverCapabilities;
  /** Checks `-o key=value` pairs and returns them under their canonical keys. Throws `invalid-input` naming the key. */
  parseOptions(raw: RawOptions): RawOptions;
  /** The same for options of one endpoint (`--driver-opt`). */
  parseEndpointOptions(raw: RawOptions): RawOptions;
  /**
   * Asks for facts about the host, once, while the network is planned. What it returns is kept in the row as
   * {@link Network.facts}, so that all other verbs depend on their arguments alone. `network` has no addresses yet. Throws
   * `not-found` or `conflict` where the host lacks what the options name, or it belongs to another.
   */
  observe?(host: HostView, network: Pick<Network, "id" | "name" | "options" | "internal">): Facts;
  /** What the network itself needs, in the order in which it can be made. */
  network(network: Network): readonly Resource[];
  /**
   * Families of which others reach the network's addresses without the host's: ports are open there, whichever endpoint
   * publishes them.
   */
  reachedDirectly?(network: Network): readonly (4 | 6)[];
  /**
   * The MAC address that all endpoints have, which share that of a link of the host; undefined where each has its own. Then
   * none can be asked for.
   */
  sharedMac?(network: Network): string | undefined;
  /**
   * Options that may change while the network is in use, by their canonical keys: what `network` and
   * `endpoint` return for a new value can be made beside what exists. Absent: none.
   */
  readonly changeable?: readonly string[];
  /** What one endpoint needs beside the namespace it attaches, in order. */
  endpoint(network: Network, endpoint: Endpoint): readonly Resource[];
  /**
   * What another host, or an endpoint there, needs on this one; present where networks span hosts. Of an endpoint whose addresses are in blocks of its
   * host this is asked only where the network isolates with an {@link Isolate.inlet}: other hosts follow no such endpoint otherwise.
   */
  peer?(network: Network, peer: Peer): readonly Resource[];
}
