/** Resources by which hosts of a cluster know each other. */

/**
 * The private key of a link of type wireguard, and its UDP port. The key is drawn when there is none: it is in a file that root alone
 * reads, and in no list, row or message.
 */
export interface Wireguard {
  readonly kind: "wireguard";
  readonly link: string;
  /** Id. */
  readonly network: string;
  /** Which of this host's keys for the network: the next one comes with a rotation. */
  readonly generation: number;
  readonly port: number;
}

/** Another host behind a link of type wireguard, known by its key. */
export interface WireguardPeer {
  readonly kind: "wireguard peer";
  readonly link: string;
  /** Base64. */
  readonly publicKey: string;
  /** Where it listens. */
  readonly address: string;
  readonly port: number;
  /** The one address inside the tunnel that it sends from, and that leads to it; without prefix length. */
  readonly inner: string;
}

/** This host's agent keeps the peers of a network as the cluster's state says. */
export interface ClusterMembership {
  readonly kind: "membership";
  /** Id of the network. */
  readonly network: string;
}
