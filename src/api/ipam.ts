/** A pool as an address allocator knows it. Addresses are strings; subnets are CIDRs. */
export interface PoolRequest {
  /** The network the pool belongs to. */
  readonly networkId: string;
  /** Host bits may be set, and then name the gateway: `10.10.10.1/24`. Absent: any free pool of `family`. */
  readonly subnet?: string;
  /** Default 4. */
  readonly family?: 4 | 6;
  readonly range?: string;
  readonly gateway?: string;
  /** Addresses of the subnet that no container gets, by what the user calls them. */
  readonly auxiliary?: Readonly<Record<string, string>>;
  /** Where free pools of `family` are cut from, in the order of trying; absent: docker's. */
  readonly defaults?: readonly PoolBase[];
  /** CIDRs that a chosen pool must stay clear of, each with words for an error: `route 10.0.0.0/8 dev eth0`. */
  readonly taken: readonly TakenRange[];
  /** Accept an explicit subnet that overlaps something the host routes to. Never another network's. */
  readonly allowOverlap?: boolean;
}

/** Pools of prefix length `size` are cut from `base`, lowest first. */
export interface PoolBase {
  readonly base: string;
  readonly size: number;
}

export interface TakenRange {
  readonly cidr: string;
  readonly owner: string;
  /** `network`: another tsd network; `host`: a route or a nameserver of the machine. */
  readonly by: "network" | "host";
}

export interface Pool {
  readonly cidr: string;
  readonly gateway: string;
  readonly range?: string;
  readonly auxiliary?: Readonly<Record<string, string>>;
}

export interface AddressRequest {
  readonly networkId: string;
  /** The pool's CIDR. */
  readonly cidr: string;
  /** A particular address; absent: the next free one. */
  readonly address?: string;
  /** Id of the endpoint that will hold it, or words of the engine's own for one that is reserved. */
  readonly holder: string;
}

/** Address management. Every verb runs inside the engine's store transaction and so is synchronous. */
export interface IpamDriver {
  readonly name: string;
  /** Throws `invalid-input`, `conflict` (naming the owner) or `exhausted` (naming what collided). */
  requestPool(request: PoolRequest): Pool;
  releasePool(networkId: string): void;
  /** The address with the pool's prefix length. Throws `conflict` naming the holder, or `exhausted` with the pool's size. */
  requestAddress(request: AddressRequest): string;
  /** Gives back every address `holder` has. */
  releaseAddresses(holder: string): void;
}
