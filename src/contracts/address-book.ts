import type { Pool, PoolRequest } from "../api/index.js";

export interface AddressRequest {
  readonly networkId: string;
  /** The pool's CIDR. */
  readonly cidr: string;
  /** A particular address; absent: the next free one. */
  readonly address?: string;
  /** Id of the endpoint that will hold it, or words of the engine's own for one that is reserved. */
  readonly holder: string;
  /** What an IPAM driver proposes; throws `invalid-input` where it is not `address`. */
  readonly proposed?: string;
}

export interface PoolLimit {
  readonly networkId: string;
  /** The pool's CIDR. */
  readonly cidr: string;
  /** CIDRs within it. */
  readonly blocks: readonly string[];
  readonly reserved: readonly { readonly what: string; readonly address: string }[];
}

/** tsd's own table of pools and leases. Every verb runs inside the engine's store transaction and so is synchronous. */
export interface AddressBook {
  /**
   * Throws `invalid-input`, `conflict` (naming the owner) or `exhausted` (naming what collided); also for a pool that an
   * IPAM driver proposes and that is not what was requested.
   */
  requestPool(request: PoolRequest, proposed?: Pool): Pool;
  /**
   * From now on a pool gives addresses out of `blocks` alone, in their order, unless a particular one is asked for. Frontiers and leases
   * stay. `reserved` are addresses that no container gets, by what they are.
   */
  limitPool(limit: PoolLimit): void;
  releasePool(networkId: string): void;
  /** The address with the pool's prefix length. Throws `conflict` naming the holder, or `exhausted` with the pool's size. */
  requestAddress(request: AddressRequest): string;
  /** Who holds a particular address of a pool; undefined for none. */
  holder(lease: Pick<AddressRequest, "networkId" | "cidr"> & { readonly address: string }): string | undefined;
  /** Gives back every address `holder` has. */
  releaseAddresses(holder: string): void;
  /** Every address of a pool that somebody holds, with the holder; without prefix length. Reads them all. */
  held(networkId: string, cidr: string): readonly { readonly address: string; readonly holder: string }[];
}
