import type { InNetns } from "./in-netns.js";

/** What links of all types have. */
export interface LinkBase extends InNetns {
  readonly kind: "link";
  /** Interface name, at most 15 bytes (`IFNAMSIZ` − 1). */
  readonly name: string;
  /**
   * `02:42:…`, drawn for this link alone: a link with its name and another address is not tsd's, and stays. Absent leaves
   * the choice to the kernel; such a link is known by the mark that it gets a moment after it is made.
   */
  readonly mac?: string;
  /** Bytes; absent leaves the kernel's default. */
  readonly mtu?: number;
  /**
   * The bridge that it becomes a port of, and of nothing else: the host itself receives nothing there and sends nothing, not of
   * frames to link-local groups either, which a bridge would leave to it. Nothing from or to 127.0.0.0/8 comes in, nor IPv6
   * from ::ffff:0:0/96.
   */
  readonly master?: string;
  /**
   * Another program takes it from here to a namespace of its own, see {@link AttachSpec.handover}. It is made down, and may be
   * gone from here afterwards.
   */
  readonly handedOver?: boolean;
}

export interface BridgeLink extends LinkBase {
  readonly type: "bridge";
}

/** A veth pair, made in one request: `name` here, `peer` over there. Removing either end removes both. */
export interface VethLink extends LinkBase {
  readonly type: "veth";
  /** As of any link; and the bridge keeps to this port the address of `peer`. */
  readonly master?: string;
  /** A frame may leave the bridge by the port it came in by, for a container that calls its own published port. */
  readonly hairpin?: boolean;
  /** Exchanges frames with no other isolated port of the bridge, only with the host (`bridge(8)`, `isolated`). */
  readonly isolated?: boolean;
  /**
   * Nobody behind it is a router: advertisements and redirects (RFC 4861 §4.2, §4.5) are dropped as they come in, and so is
   * what could hide them, headers between those of IPv6 and ICMPv6 at a hop limit of 255 (RFC 7113), and more than one VLAN tag.
   */
  readonly routerless?: boolean;
  /**
   * The bridge replies there to ARP in the place of neighbours behind a tunnel that is its port. The kernel sends such replies only
   * by ports that have ARP on; the host itself replies there to nothing all the same.
   */
  readonly proxied?: boolean;
  /** The group that this end is in (`group` of ip-link(8), 1 to 2147483647), by which packet filters know a network's links. */
  readonly group?: number;
  readonly peer: {
    readonly netns?: string;
    readonly name: string;
    readonly mac?: string;
    /** As of any link. */
    readonly handedOver?: boolean;
  };
}

/** One end of a tunnel to any number of hosts (RFC 7348); which of them a MAC address is at is in {@link ForwardingEntry}s. */
export interface VxlanLink extends LinkBase {
  readonly type: "vxlan";
  readonly mac: string;
  readonly vni: number;
  /** Address of this host that it sends from. */
  readonly local: string;
  /** The link that has a link-local `local`: packets come and go by it alone, and the tunnel goes with it. */
  readonly parent?: string;
  /** UDP port, here and there. */
  readonly port: number;
  /** As of a veth; of a tunnel that is a port. Such a one learns no addresses, and the bridge replies for those that it knows there. */
  readonly isolated?: boolean;
}

/**
 * A link that encrypts what goes to other hosts (WireGuard). A {@link Wireguard} gives it its key, and {@link WireguardPeer}s say who is
 * behind it. It has no hardware address: tsd knows it by its mark.
 */
export interface WireguardLink extends LinkBase {
  readonly type: "wireguard";
  readonly mac?: never;
  readonly master?: never;
}

/** `lo` of a namespace, which exists with it; ensuring it brings it up. */
export interface LoopbackLink extends LinkBase {
  readonly type: "loopback";
  readonly name: "lo";
}

/**
 * Types of links by the word in their `type`. An extension adds its own by declaration merging, and brings a
 * {@link LinkKind} for each: `declare module "@tsdnet/tsd/api" { interface LinkTypes { dummy: DummyLink } }`.
 */
export interface LinkTypes {
  bridge: BridgeLink;
  veth: VethLink;
  vxlan: VxlanLink;
  wireguard: WireguardLink;
  loopback: LoopbackLink;
}

/** Links are up once they exist. */
export type Link = LinkTypes[keyof LinkTypes];
