import type { EndpointRecord, HostRecord, MemberRecord, NetworkRecord } from "../../contracts/index.js";

/** This host, where it claims something. A host of the same name and another epoch is another. */
export interface ClaimingHost {
  readonly name: string;
  readonly epoch: string;
}

/** This host, where it joins a network. */
interface JoiningMember extends ClaimingHost, Pick<MemberRecord, "address" | "mac" | "isUsed" | "wireguard"> {}

/** What this host has of a network. */
export interface MemberPlace {
  readonly record: NetworkRecord;
  readonly member: MemberRecord;
  /** In the order in which they were claimed. */
  readonly blocks: readonly string[];
  /** Addresses in these blocks that other hosts held before. */
  readonly held: readonly string[];
}

/** Verbs over the cluster's records; each claim is one commit, and a conflict names who has what was asked for. */
export interface ClusterClaims {
  /** The same host gets its own again. */
  claimHost(
    host: ClaimingHost & Pick<HostRecord, "address" | "version">,
  ): Promise<{ readonly clusterId: string; readonly joined: string }>;
  /** `epoch`: only that host, dead or alive. Throws `not-found`. */
  removeHost(name: string, options?: { readonly force?: boolean; readonly epoch?: string }): Promise<void>;
  /** All hosts and networks by their names. */
  read(): Promise<{
    readonly hosts: ReadonlyMap<string, HostRecord & { readonly isAlive: boolean }>;
    readonly networks: ReadonlyMap<string, NetworkRecord>;
  }>;
  /** By its name. */
  network(name: string): Promise<NetworkRecord | undefined>;
  /** Claims name, subnets, VNI, and a first block of each subnet. */
  createNetwork(
    network: Omit<NetworkRecord, "vni"> & { readonly name: string; readonly vni?: number },
    host: JoiningMember,
  ): Promise<MemberPlace>;
  /** Writes what `change` makes of the record, which the agents of all its hosts follow; returns the revision. Throws `not-found`. */
  updateNetwork(
    network: { readonly id: string; readonly name: string },
    host: ClaimingHost,
    change: (record: NetworkRecord) => NetworkRecord,
  ): Promise<number>;
  /** Throws `conflict` where hosts other than `self` use it. Does nothing, as {@link leaveNetwork} does, where `self` was replaced. */
  removeNetwork(name: string, self: ClaimingHost): Promise<void>;
  readNetwork(
    id: string,
    subnets: readonly string[],
  ): Promise<{
    readonly members: ReadonlyMap<string, MemberRecord>;
    /** Hosts by block. */
    readonly blocks: ReadonlyMap<string, string>;
    /** At least all that this host follows. */
    readonly endpoints: readonly (EndpointRecord & { readonly id: string })[];
    /** How many endpoints there are more. */
    readonly more: number;
  }>;
  /** Claims a block of each subnet of which the host has none. */
  joinNetwork(name: string, host: JoiningMember): Promise<MemberPlace>;
  /** Claims one more block of a subnet. */
  claimBlock(name: string, host: JoiningMember, cidr: string): Promise<MemberPlace>;
  leaveNetwork(id: string, host: ClaimingHost): Promise<void>;
  holdAddress(address: HeldAddress, host: ClaimingHost): Promise<void>;
  /** `isMeant` is asked after each look at the record: what this host has claimed again before that stays. */
  releaseAddress(address: HeldAddress, host: ClaimingHost, isMeant: () => boolean): Promise<void>;
}

/** An address outside of the blocks of the host that has it. */
interface HeldAddress {
  /** Name and id of the network. */
  readonly name: string;
  readonly id: string;
  readonly address: string;
}
