import type { Labels, RawOptions, WireguardEnd } from "../api/index.js";

/**
 * What a cluster's state holds, below `/tsd/CLUSTER/`. Values are JSON. All but `alive` stay until they are removed, so that no
 * loss of a lease takes anything away that works. All that hosts follow of one network is below one prefix: one watch brings it, in order.
 * What is below `directory` is watched by no host, and read when it is asked for.
 *
 * | key | value | claimed by |
 * |---|---|---|
 * | `version` | {@link ClusterVersion} | the first host |
 * | `hosts/HOST` | {@link HostRecord} | joining |
 * | `addresses/ADDRESS` | name of the host | joining, with `hosts/HOST` |
 * | `alive/HOST` | epoch of the host | its agent, under its lease |
 * | `networks/NAME` | {@link NetworkRecord} | `network create`, `network update` |
 * | `vnis/VNI` | name of the network | `network create` |
 * | `network/NETWORK-ID/members/HOST` | {@link MemberRecord} | the host's first use of the network |
 * | `network/NETWORK-ID/blocks/BLOCK` | name of the host; `BLOCK` has `_` for `/` | the host, before it uses the block |
 * | `network/NETWORK-ID/endpoints/ENDPOINT-ID` | {@link EndpointRecord} of one that other hosts have an entry for | the host's agent |
 * | `network/NETWORK-ID/held/ADDRESS` | name of the host | the host, for an address outside of its blocks |
 * | `directory/NETWORK-ID/endpoints/HOST/ENDPOINT-ID` | {@link EndpointRecord} of one that other hosts have no entry for | the host's agent |
 * | `directory/NETWORK-ID/names/NAME/HOST/ENDPOINT-ID` | the same, for each of its names in lower case | the host's agent, in the same commit |
 */
export interface ClusterVersion {
  /** Of the records: 1, or what another tsd writes. */
  readonly version: number;
  /** Of the cluster: drawn by its first host. */
  readonly id: string;
}

export interface HostRecord {
  readonly address: string;
  /** Drawn when the host joined: a host of that name with another state has another. */
  readonly epoch: string;
  readonly joined: string;
  /** Of tsd. */
  readonly version: string;
  /** It is being removed, and claims nothing any more. */
  readonly leaving?: true;
}

export interface NetworkRecord {
  readonly id: string;
  readonly vni: number;
  readonly created: string;
  readonly driver: string;
  readonly subnets: readonly { readonly cidr: string; readonly gateway: string; readonly blockPrefix: number }[];
  readonly options: RawOptions;
  readonly labels: Labels;
  readonly internal?: boolean;
  /** Name servers of its containers, in place of each host's. */
  readonly dns?: readonly string[];
  readonly disableDns?: boolean;
}

export interface MemberRecord {
  readonly address: string;
  /** Of its end of the tunnel. */
  readonly mac: string;
  readonly epoch: string;
  /** Whether it has endpoints: such a network is not removed. */
  readonly isUsed: boolean;
  /** Of an encrypted network. The private key is in no record. */
  readonly wireguard?: WireguardEnd;
}

export interface EndpointRecord {
  readonly host: string;
  readonly mac: string;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

/** What this host knows of its cluster without asking it, in its own state. */
export interface Membership {
  readonly cluster: string;
  readonly clusterId: string;
  readonly host: string;
  readonly address: string;
  readonly epoch: string;
  readonly joined: string;
  /** Absent: this host alone. */
  readonly etcd?: {
    readonly endpoints: readonly string[];
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly user?: string;
    readonly passwordFile?: string;
  };
}
