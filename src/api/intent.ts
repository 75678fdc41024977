/** Transport protocols that carry ports. */
export type Protocol = "tcp" | "udp" | "sctp";

interface Owned {
  /**
   * Id of the network, endpoint or peer that wants this; it is written beside each rule, so that a reader can identify the owner.
   */
  readonly owner: string;
}

interface IntentBase extends Owned {
  /** The bridge behind which the addresses live. */
  readonly bridge: string;
}

/** Packets from `subnet` that leave by another interface than `bridge` take the address of that interface. */
export interface Masquerade extends IntentBase {
  readonly kind: "masquerade";
  readonly subnet: string;
  /** Take this address instead; of the subnet's family. */
  readonly address?: string;
  /** What leaves by a link of this group keeps its address; see {@link Isolate.group}. */
  readonly group?: number;
}

/**
 * What may be forwarded to and from `bridge`: replies, published ports and what an {@link Allow} names always; new
 * connections within the bridge; nothing else inwards.
 */
export interface Isolate extends IntentBase {
  readonly kind: "isolate";
  /** No new connections within the bridge either (`icc=false`). */
  readonly apart?: boolean;
  /** Of an isolation whose bridge has another by now: what `apart` decides, and no more, for that to be removed. */
  readonly only?: "apart";
  /** Nothing passes between the bridge and any other interface, in neither direction, published or not. */
  readonly internal?: boolean;
  /**
   * For a network whose containers have a link each: the links of this group, which `bridge` is in, count as one bridge.
   */
  readonly group?: number;
  /**
   * A link that leads to other hosts of the same network, and is no port of `bridge`. What comes in by it has an address that is
   * routed there (RFC 3704, strict), and goes to `bridge` as from behind it; of the host it reaches pings and replies. Only what is
   * from behind `bridge` goes out by it, and what the host itself sends.
   */
  readonly trunk?: string;
  /**
   * A port of `bridge` that leads to other hosts of the same network. Nothing comes in by it but what the shared guards of its senders
   * let through. It goes to what is behind `bridge`, and on by way of the host to nothing. Of the host itself it reaches `addresses`,
   * which give pings and replies to all that is on the bridge, and nothing else.
   */
  readonly inlet?: { readonly link: string; readonly addresses: readonly string[] };
  /**
   * Addresses of other hosts of the same network, to which this host routes by a link without a tunnel: they count as from behind
   * `bridge`. That these are their senders is for that link to warrant.
   */
  readonly remote?: { readonly link: string; readonly subnets: readonly string[] };
  /** New connections from the other bridges under `isolate` come in as well (`isolate=false`). */
  readonly open?: boolean;
  /** Pings from anywhere come in as well, for networks that others route to. */
  readonly pingable?: boolean;
  /**
   * Each port of the bridge will be under a {@link Guard}. It is stated early, so that a backend without guards is refused.
   */
  readonly guarded?: boolean;
}

/**
 * `count` consecutive ports of the host, from `hostPort`, lead to as many of the container, from `containerPort`.
 * They are reachable from other machines, from the host itself, and from behind the same bridge.
 */
export interface Publish extends IntentBase {
  readonly kind: "publish";
  readonly protocol: Protocol;
  /** Only this address of the host; absent means every address of the family of `containerAddress`. */
  readonly hostAddress?: string;
  readonly hostPort: number;
  readonly containerAddress: string;
  readonly containerPort: number;
  readonly count: number;
}

/** New connections to `count` ports from `port` of `address`, which is behind `bridge`, may come in untranslated. */
export interface Allow extends IntentBase {
  readonly kind: "allow";
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  readonly count: number;
  /** Only from this address, of the same family; absent: from anywhere. */
  readonly from?: string;
}

/**
 * What comes in by `link`, a port of `bridge`, is untagged ARP, IPv4 and IPv6 in the name of `mac` and `addresses` alone;
 * all else is dropped. That name is the source of frame and packet, the sender in ARP (RFC 826), what duplicate address
 * detection asks for (RFC 4862 §5.4.2), the target of neighbour advertisements, and the link-layer address that these and
 * solicitations carry (RFC 4861 §4.6.1). What routers say, and what is said to them, is dropped as well.
 */
export interface Guard extends IntentBase {
  readonly kind: "guard";
  /** The host's end of the endpoint's veth. */
  readonly link: string;
  readonly mac: string;
  /** Without prefix length; the link-local one among them. */
  readonly addresses: readonly string[];
  /** Others send by `link` as well, under guards of their own; it is the {@link Isolate.inlet} of `bridge`. */
  readonly shared?: boolean;
}

/**
 * Frames of the VXLAN segment `vni` (RFC 7348) that come to the UDP port `port` of this host are dropped, but those of a
 * {@link Member}. Containers send none, to no host: behind this host's address they would be its own.
 */
export interface Segment extends Owned {
  readonly kind: "segment";
  readonly vni: number;
  readonly port: number;
  /** They come and go by this link alone, which encrypts them. */
  readonly link?: string;
}

/** Frames of a {@link Segment} that come from `address`, which is a host that has the network too, pass. */
export interface Member extends Owned {
  readonly kind: "member";
  readonly vni: number;
  readonly port: number;
  /** Without prefix length. */
  readonly address: string;
}

/** What must be true of packets, said without a word about the backend that makes it so. */
export type NatIntent = Masquerade | Isolate | Publish | Allow | Guard | Segment | Member;

/** All that NAT backends can be asked for. */
export const intentKinds: readonly NatIntent["kind"][] = [
  ...(["masquerade", "isolate", "publish", "allow", "guard"] as const),
  ...(["segment", "member"] as const),
];

export function isIntent(resource: { readonly kind: string }): resource is NatIntent {
  return intentKinds.some((kind) => kind === resource.kind);
}
