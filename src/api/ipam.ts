import type { RawOptions } from "./network.js";

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

/** What an {@link IpamDriver} may look at while it chooses a pool. */
export interface PoolProposal extends Omit<PoolRequest, "defaults" | "allowOverlap"> {
  readonly family: 4 | 6;
  readonly networkName: string;
  /** What the driver's `parseOptions` returned. */
  readonly options: RawOptions;
}

/** The same for an address. */
export interface AddressProposal {
  readonly networkId: string;
  readonly pool: Pool;
  readonly options: RawOptions;
  /** Whose it will be; the same in {@link IpamDriver.releaseAddress}. */
  readonly holder: string;
  /** The user wants this address and no other; without prefix length. */
  readonly address?: string;
  /** The user wants this MAC address. */
  readonly mac?: string;
  /** Name of the container, for records; a new run has another holder. Absent for a namespace that tsd did not make. */
  readonly container?: string;
  /** Addresses of the pool that tsd has given to others, the gateway among them; without prefix length. */
  readonly leased: readonly string[];
}

/**
 * Address management by a third party, in two phases. First a verb proposes, outside of every transaction, so it may wait
 * for a network or another program. Then tsd commits the proposal to its own table, in the transaction that writes the row,
 * and refuses what another holds. tsd notes the holder before it asks, and releases what was proposed and never committed:
 * after a conflict at once, after a crash with the next command. So every verb must be safe to call again for one holder,
 * and a release that fails is repeated by later commands.
 *
 * A container that does not run holds nothing here: tsd releases its address when it ends and asks for one when it starts.
 * The addresses that it asks for by `--ip` are kept from tsd's other containers meanwhile, in tsd's own table alone.
 */
export interface IpamDriver {
  /** The word after `--ipam-driver`. */
  readonly name: string;
  /** Checks `--ipam-opt key=value` pairs and returns them under their canonical keys. Throws `invalid-input` naming the key. */
  parseOptions(raw: RawOptions): RawOptions;
  /**
   * Returns a pool of that family, the subnet that the user asks for where there is one. tsd has checked that one, and checks
   * the pool. Throws `invalid-input`, `conflict` (naming the owner) or `exhausted`.
   */
  proposePool(proposal: PoolProposal): Promise<Pool> | Pool;
  /** Gives back every pool of the network. Without one it does nothing. */
  releasePool(network: Pick<PoolProposal, "networkId" | "options">): Promise<void> | void;
  /** Returns an address of the pool, without prefix length. Throws `conflict` naming the holder, or `exhausted`. */
  proposeAddress(proposal: AddressProposal): Promise<string> | string;
  /** Gives back every address of the holder on that network. Without one it does nothing. */
  releaseAddress(lease: Pick<AddressProposal, "networkId" | "options" | "holder">): Promise<void> | void;
}
