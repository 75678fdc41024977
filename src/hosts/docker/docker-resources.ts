import type { InNetns, PortBinding, RawOptions } from "../../api/index.js";

/** A pool of a network, as the protocol has it (`IPAMData` of libnetwork). */
export interface PoolData {
  /** CIDRs, the gateway with host bits. */
  readonly pool: string;
  readonly gateway: string;
  readonly auxiliary?: Readonly<Record<string, string>>;
}

/** A network that a docker plug-in knows: `CreateNetwork`, `DeleteNetwork`. */
export interface DockerNetwork {
  readonly kind: "docker-network";
  /** Name of the plug-in. */
  readonly plugin: string;
  readonly id: string;
  readonly options: RawOptions;
  readonly internal?: true;
  readonly pools: readonly PoolData[];
}

/** An endpoint of it, and its interface in a namespace: `CreateEndpoint` and `Join`; `Leave` and `DeleteEndpoint`. */
export interface DockerEndpoint extends Required<InNetns> {
  readonly kind: "docker-endpoint";
  readonly plugin: string;
  readonly network: string;
  readonly id: string;
  /** Of tsd's IPAM, with prefix length; the plug-in may add one of a family that has none. */
  readonly addresses: readonly string[];
  /** The one that the user asks for. */
  readonly mac?: string;
  /** The interface's name where the user asks for one; else it has a prefix, and the first number that is free. */
  readonly interface?: string;
  /** Absent: the plug-in's. */
  readonly prefix?: string;
  /** Of the default routes; absent for none. */
  readonly metric?: number;
  /** The network is internal: pools that its routes stay in. */
  readonly within?: readonly string[];
  readonly options: RawOptions;
}

/** What others may call of it: `ProgramExternalConnectivity`, `RevokeExternalConnectivity`. */
export interface DockerConnectivity extends Required<InNetns> {
  readonly kind: "docker-connectivity";
  readonly plugin: string;
  readonly network: string;
  /** Of the endpoint. */
  readonly id: string;
  readonly ports: readonly PortBinding[];
}

declare module "../../api/index.js" {
  interface ResourceKinds {
    "docker-network": DockerNetwork;
    "docker-endpoint": DockerEndpoint;
    "docker-connectivity": DockerConnectivity;
  }
}

export const dockerKinds = ["docker-network", "docker-endpoint", "docker-connectivity"] as const;
export type DockerKind = (typeof dockerKinds)[number];
