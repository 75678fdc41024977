import type { RawOptions } from "../api/index.js";

/**
 * Who reaches whom on networks of a driver, where it is not as on a bridge. Each is about addresses of containers, not about
 * published ports, and about what the driver means to allow.
 */
export interface Reach {
  /** The host and its containers call each other. Default: unless the network is a {@link NetworkVariant.lan}. */
  readonly host: boolean;
  /** Containers call machines beyond the host. Default: unless the network is internal. */
  readonly outside: boolean;
  /** Machines beyond the host call containers. Default: where the network is a {@link NetworkVariant.lan}. */
  readonly inward: boolean;
  /** Containers of one network call each other. Default true. */
  readonly neighbours: boolean;
  /** Containers of two networks call each other. Default false. */
  readonly networks: boolean;
}

/** One kind of network that a driver is to be verified with. */
export interface NetworkVariant {
  /** As after `-o`. In values the word `PARENT` stands for a link of the host that leads to other machines. */
  readonly options?: RawOptions;
  /** Those of a second network beside it. Default: the same. */
  readonly second?: RawOptions;
  readonly internal?: boolean;
  /** The network has IPv6 as well. Default true. */
  readonly ipv6?: boolean;
  /**
   * The network is the wire of `PARENT` itself: its gateway is another machine there, which tags its frames with `vlan` where
   * that is given.
   */
  readonly lan?: { readonly vlan?: number };
  readonly reaches?: Partial<Reach>;
}

/** What is verified, and how thoroughly. A plug-in's module may export one as `verification`, which `tsd plugin verify` takes. */
export interface VerifyOptions {
  /** What a driver is verified with. Default: one network without options. */
  readonly networks?: readonly NetworkVariant[];
  /** Options of one endpoint (`--driver-opt`) that the driver takes. */
  readonly endpointOptions?: readonly RawOptions[];
  /** What an IPAM driver is verified with, as after `--ipam-opt`. Default: no options. */
  readonly ipamOptions?: readonly RawOptions[];
  /** Only chapters whose title contains one of these words. */
  readonly chapters?: readonly string[];
  /** Kill at every step, and not at a few of them. */
  readonly long?: boolean;
}
