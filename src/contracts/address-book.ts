import type { Pool, PoolRequest } from "../api/index.js";

export interface AddressRequest {
  readonly networkId: string;
  /** The pool's CIDR. */
  readonly cidr: string;
  /** A particular address; absent: the next free one. */
  readonly address?: string;
  /** Id of the endpoint that will hold it, or words of the engine's own for one that is reserved. */
  readonly holder: string;
}

/** tsd's own table of pools and leases. Every verb runs inside the engine's store transaction and so is synchronous. */
export interface AddressBook {
  /** Throws `invalid-input`, `conflict` (naming the owner) or `exhausted` (naming what collided). */
  requestPool(request: PoolRequest): Pool;
  releasePool(networkId: string): void;
  /** The address with the pool's prefix length. Throws `conflict` naming the holder, or `exhausted` with the pool's size. */
  requestAddress(request: AddressRequest): string;
  /** Gives back every address `holder` has. */
  releaseAddresses(holder: string): void;
}
