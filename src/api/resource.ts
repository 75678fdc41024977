import type { ClusterMembership, Wireguard, WireguardPeer } from "./cluster-resource.js";
import type { Directory, File, Overlay, Tmpfs, VolumeDirectory, VolumePart } from "./file-resource.js";
import type { ForwardChain } from "./forwarding.js";
import type { InNetns } from "./in-netns.js";
import type { Allow, Guard, Isolate, Masquerade, Member, Publish, Segment } from "./intent.js";
import type { Link } from "./link-resource.js";
import type { RuntimeProcess } from "./process.js";

/**
 * The vocabulary in which a driver says what must exist. Every value is plain and serialisable: the list is written to
 * the store before the kernel is touched, and creation, removal, rollback, recovery, dry-run and drift checks are all
 * derived from it.
 */

/** A network namespace, kept alive by a bind mount at `path` (see `network_namespaces(7)`). */
export interface Netns {
  readonly kind: "netns";
  readonly path: string;
  /** A process that lives in it, where only the name is lost, and is made again. */
  readonly process?: RuntimeProcess;
}

export interface Address extends InNetns {
  readonly kind: "address";
  readonly link: string;
  /** Address and prefix length, `10.10.10.1/24`. */
  readonly address: string;
}

export interface Route extends InNetns {
  readonly kind: "route";
  /** A CIDR; `0.0.0.0/0` and `::/0` are the default routes. */
  readonly destination: string;
  readonly gateway?: string;
  /** The gateway counts as reachable by the link, whatever addresses that has. */
  readonly onlink?: boolean;
  /** Address that the host's own packets have. */
  readonly source?: string;
  readonly link: string;
  /** Of several routes to one destination the lowest wins; absent: the kernel's default, 0 for IPv4 and 1024 for IPv6. */
  readonly metric?: number;
}

/** Which MAC address has an address behind a link, for good (`ip neighbour`, nud permanent). */
export interface Neighbour extends InNetns {
  readonly kind: "neighbour";
  readonly link: string;
  /** Without prefix length. */
  readonly address: string;
  readonly mac: string;
}

/** Frames for `mac` leave by the tunnel `link` to the host `remote`. */
export interface ForwardingEntry extends InNetns {
  readonly kind: "fdb";
  readonly link: string;
  /** 00:00:00:00:00:00 for frames that no other entry is for, broadcasts among them. Each host that has such an entry gets them. */
  readonly mac: string;
  readonly remote: string;
  /** The link by which `remote` is reached, where that is a link-local address. */
  readonly via?: string;
  /**
   * The tunnel is a port of a bridge, which knows that the address is behind that port: it would send such frames to all ports
   * otherwise.
   */
  readonly bridged?: boolean;
}

/** A kernel parameter under `net.`, of the namespace it is set in. */
export interface Sysctl extends InNetns {
  readonly kind: "sysctl";
  /** Slash-separated path below /proc/sys, since interface names may hold dots: `net/ipv4/conf/br0/forwarding`. */
  readonly key: string;
  readonly value: string;
  /** What removal writes back; absent where the parameter goes away with its link or namespace. */
  readonly restore?: string;
  /**
   * A parameter of the same namespace that sets this one as well when somebody writes it. If it has that value by then,
   * another program wants `value` too, and removal leaves it.
   */
  readonly unless?: { readonly key: string; readonly value: string };
}

/**
 * Lets 127.0.0.0/8 of the host call what is behind `link`: the kernel takes the replies for martians unless its parameter
 * `route_localnet` is set (ip-sysctl). The parameter opens the other direction too, so filters on links drop what comes in
 * from or to 127.0.0.0/8, which depend on no packet filter: that of each port of tsd, and where others have ports too one on
 * `link` itself. A kernel without such filters keeps the parameter unset.
 */
export interface Localnet {
  readonly kind: "localnet";
  /** A bridge. */
  readonly link: string;
  /** Ports of the bridge may be those of others. Under br_netfilter replies do not pass the filter either. */
  readonly foreignPorts?: boolean;
  /** What the parameter is given back; absent where it goes away with the link. */
  readonly restore?: string;
  /** The link had a queueing discipline for filters before, which stays. */
  readonly keepsQdisc?: boolean;
}

/**
 * What the host forwards from and to `bridge` passes a foreign chain that would drop it: two rules there accept it, just
 * before it is dropped, so that all that the chain says before that holds. Drops of tsd's own chains are final whatever
 * another accepts. Nothing is made in a chain that is not there, or lets the packets pass by itself.
 */
export interface Passage {
  readonly kind: "passage";
  /** Id of the network, which the rules' comments name. */
  readonly owner: string;
  readonly bridge: string;
  /** Those behind it, of the families that the chain sees. */
  readonly subnets: readonly string[];
  readonly chain: ForwardChain;
}

/**
 * Machines that remember another MAC address for `addresses` of `link` learn `mac`: neighbours by gratuitous ARP (RFC 5227
 * §3) and unsolicited neighbour advertisements (RFC 4861 §7.2.6), the host by forgetting what it remembers. It is said when
 * the list is ensured, and nothing of it stays.
 */
export interface Announcement extends InNetns {
  readonly kind: "announcement";
  readonly link: string;
  readonly mac: string;
  /** Without prefix length. */
  readonly addresses: readonly string[];
  /** The port, of a bridge of the host, that they are behind. */
  readonly port: string;
  /** How often it is sent; 0: neighbours get none. */
  readonly times: number;
  /** Milliseconds between two times. The caller of `ensure` waits that long. */
  readonly interval: number;
}

/** Programs in the namespace that ask 127.0.0.11, port 53, for names have them from tsd. */
export interface ResolverListener {
  readonly kind: "resolver";
  readonly netns: string;
  /** It is about to go: a process that starts does not serve it. */
  readonly isEnding?: boolean;
}

/** The health check of a container is run from time to time, as long as it lives. */
export interface HealthTimer {
  readonly kind: "health";
  /** Id. */
  readonly container: string;
}

/** Another file is begun for the log of a container whenever one is full, as long as the container lives. */
export interface RotationTimer {
  readonly kind: "rotation";
  /** Id. */
  readonly container: string;
}

/**
 * Resources by the word in their `kind`. An extension adds its own by declaration merging, as for {@link LinkTypes}, and
 * brings a {@link Provider} for each.
 */
export interface ResourceKinds {
  netns: Netns;
  link: Link;
  address: Address;
  route: Route;
  neighbour: Neighbour;
  fdb: ForwardingEntry;
  wireguard: Wireguard;
  "wireguard peer": WireguardPeer;
  membership: ClusterMembership;
  sysctl: Sysctl;
  localnet: Localnet;
  passage: Passage;
  announcement: Announcement;
  resolver: ResolverListener;
  health: HealthTimer;
  rotation: RotationTimer;
  directory: Directory;
  file: File;
  overlay: Overlay;
  tmpfs: Tmpfs;
  volume: VolumeDirectory;
  "volume part": VolumePart;
  masquerade: Masquerade;
  isolate: Isolate;
  publish: Publish;
  allow: Allow;
  guard: Guard;
  segment: Segment;
  member: Member;
}

export type ResourceKind = keyof ResourceKinds;
export type ResourceOf<K extends ResourceKind> = ResourceKinds[K];
export type Resource = ResourceOf<ResourceKind>;
