import type { Network } from "./network.js";
import type { ClusterPlace, WireguardEnd } from "./peer.js";

/** How this host joins a cluster: the hosts that share networks of drivers whose networks span hosts. */
export interface ClusterSpec {
  /** URLs of etcd's members, `http(s)://HOST:PORT`. Absent: a cluster of this host alone, in its own state. */
  readonly etcd?: readonly string[];
  /** Files: the authority that etcd's certificate is checked against, and the certificate and key that this host shows. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** A user of etcd, and the file with the password. */
  readonly user?: string;
  readonly passwordFile?: string;
  /** Which of several clusters in one etcd; default `default`. */
  readonly cluster?: string;
  /** Default: the host's name. */
  readonly name?: string;
  /** By which other hosts reach this one; default that of `interface`, else of the way to etcd. */
  readonly address?: string;
  readonly interface?: string;
}

export interface ClusterHost {
  readonly name: string;
  readonly address: string;
  /** RFC 3339. */
  readonly joined: string;
  /** This one. */
  readonly isSelf: boolean;
  /** Its agent keeps its lease. A host whose agent does not run may be well. */
  readonly isAlive: boolean;
  /** Names of the networks that it has. */
  readonly networks: readonly string[];
}

export interface ClusterNetwork {
  readonly name: string;
  readonly id: string;
  readonly vni: number;
  readonly subnets: readonly string[];
  readonly hosts: readonly {
    readonly name: string;
    readonly blocks: readonly string[];
    /** Of an encrypted network. */
    readonly wireguard?: WireguardEnd;
  }[];
  /** Sentences: what this host, where it has the network, last found to be wrong with it. */
  readonly troubles: readonly string[];
}

/** What the hosts of a cluster know in common of a network that spans them. */
export interface SharedNetwork extends Omit<Network, "mac" | "uplinks" | "cluster"> {
  readonly cluster: Pick<ClusterPlace, "vni">;
}

/** Another host that has a network which spans hosts. */
export interface NetworkMember {
  readonly host: string;
  readonly address: string;
  /** CIDRs that its containers take their addresses from. */
  readonly blocks: readonly string[];
  /** Of an encrypted network. */
  readonly wireguard?: WireguardEnd;
  /** As far as the host has said so. */
  readonly endpoints: readonly {
    readonly id: string;
    readonly mac: string;
    /** Without prefix length. */
    readonly addresses: readonly string[];
    readonly names: readonly string[];
  }[];
}

export interface ClusterDetails {
  readonly cluster: string;
  /** URLs of etcd's members; none for a cluster of this host alone. */
  readonly etcd: readonly string[];
  readonly hosts: readonly ClusterHost[];
  readonly networks: readonly ClusterNetwork[];
}

/** A key that this host has now in an encrypted network. */
export interface RotatedKey {
  /** Name. */
  readonly network: string;
  /** Base64. */
  readonly publicKey: string;
}

/** Hosts that share networks. Every verb but `join` throws `not-found` where this host is in no cluster. */
export interface Cluster {
  /** Throws `conflict` where the host is in a cluster already, or another host has its name or address. */
  join(spec: ClusterSpec): Promise<ClusterHost>;
  /** Throws `conflict` where containers use a network of the cluster. `force`: also where the cluster's state cannot be reached. */
  leave(options?: { readonly force?: boolean }): Promise<void>;
  list(): Promise<readonly ClusterHost[]>;
  inspect(): Promise<ClusterDetails>;
  /** Gives up another host, with its blocks. Throws `conflict` for one that is alive, unless `force`. */
  remove(host: string, options?: { readonly force?: boolean }): Promise<void>;
  /**
   * Draws another private key for each of these encrypted networks, or for all that this host has, and forgets the one before. The other
   * hosts learn the public key from the cluster; packets wait meanwhile, some get lost. Throws `invalid-input` for a network that is
   * not encrypted.
   */
  rotateKeys(networks?: readonly string[]): Promise<readonly RotatedKey[]>;
}
