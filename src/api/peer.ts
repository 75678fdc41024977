/** Another host of a cluster, or an endpoint on it, as one network of this host sees it. */
export type Peer = HostPeer | EndpointPeer;

interface PeerBase {
  /** 64 hexadecimal digits, which follow from the network and what it is. */
  readonly id: string;
  readonly networkId: string;
  /** Name of the host. */
  readonly host: string;
  /** The host's address, to which packets for it are sent encapsulated. */
  readonly address: string;
}

/** A host that has containers on the network, or may have. */
export interface HostPeer extends PeerBase {
  readonly kind: "host";
  /** Of its end of the network's tunnel. */
  readonly mac: string;
  /** CIDRs that its containers take their addresses from, in the order in which it claimed them. */
  readonly blocks: readonly string[];
  /** Present where the network is encrypted. */
  readonly wireguard?: WireguardEnd;
}

/** How a host is reached by WireGuard in one network. */
export interface WireguardEnd {
  /** Base64. */
  readonly publicKey: string;
  /** UDP port. */
  readonly port: number;
}

/** An endpoint: one that other hosts have an entry for, or that this one has asked for by its name or address. */
export interface EndpointPeer extends PeerBase {
  readonly kind: "endpoint";
  readonly mac: string;
  /** Without prefix length. */
  readonly addresses: readonly string[];
  /** Of its host, as {@link HostPeer.blocks}: what is outside of them is led to that host by itself. Absent: none. */
  readonly blocks?: readonly string[];
  /** The MAC address of its host's end of the network's tunnel; present where the network is encrypted. */
  readonly hostMac?: string;
  /** By which containers of the network know it. */
  readonly names: readonly string[];
}

/** What this host is in a network that spans hosts. */
export interface ClusterPlace {
  /** Number of the network on the wire (RFC 7348, VNI). */
  readonly vni: number;
  /** Name of this host. */
  readonly host: string;
  /** Its address, from which encapsulated packets are sent. */
  readonly address: string;
  /** Bytes that the link with that address carries. */
  readonly mtu: number;
  /** Of this host's end of the network's tunnel. */
  readonly mac: string;
  /** CIDRs that containers here take their addresses from, in the order in which they were claimed. */
  readonly blocks: readonly string[];
  /**
   * Of these, what this host has no more in the cluster, since another claimed it meanwhile or this host was removed. Containers that
   * have an address there keep it, and no other gets one. Absent: none.
   */
  readonly lost?: readonly string[];
  /**
   * Revision of the cluster's state at which a command of this host changed the network's record. What the record said before is no news
   * to this host. Absent: none did.
   */
  readonly recorded?: number;
  /** Present where the network is encrypted. */
  readonly wireguard?: {
    /** UDP port of this host. */
    readonly port: number;
    /** See {@link Wireguard.generation}. */
    readonly generation: number;
  };
}
