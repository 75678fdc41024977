import type { ClusterPlace, Network, WireguardEnd } from "../../api/index.js";

/** What this host is in a network that spans hosts, and has on it, as its own state says. */
export interface LocalNetwork {
  readonly network: Network & { readonly cluster: ClusterPlace };
  readonly endpoints: readonly LocalEndpoint[];
  /** Other hosts have an entry for each endpoint, wherever its addresses are. */
  readonly isStretched: boolean;
  /** Addresses outside of its blocks that commands claim for it, have claimed, or give back. */
  readonly noted: readonly string[];
  /** Of an encrypted network, unless the file of its key is lost. */
  readonly wireguard?: WireguardEnd;
}

export interface LocalEndpoint {
  readonly id: string;
  readonly mac: string;
  /** Without prefix length. */
  readonly addresses: readonly string[];
  /** By which containers of the network know it. */
  readonly names: readonly string[];
}
