import type { NetworkIpam } from "../api/index.js";
import type { Owner } from "./processes.js";

/**
 * What an IPAM driver may hold for tsd although no row says so: it is written before the driver is asked, or in the
 * transaction that deletes the row, and deleted in the transaction that writes the row, or once the driver has released it.
 */
export interface Debt {
  /** Whose it is for the driver: the id of an endpoint for its addresses, of a network for its pools. */
  readonly holder: string;
  readonly of: "network" | "endpoint";
  readonly networkId: string;
  readonly networkName: string;
  readonly ipam: NetworkIpam;
  /** The process that asks, or releases it. */
  readonly owner: Owner;
  /** Why its release failed when it was last tried, and when that was (RFC 3339); no plug-in brought its driver. */
  readonly failure?: { readonly at: string; readonly message: string; readonly isMissing: boolean };
}

/** All writes need a transaction around them. */
export interface DebtTable {
  /** Adds it, or replaces that of the same holder. */
  put(debt: Debt): void;
  /** Oldest first. */
  list(): readonly Debt[];
  delete(holder: string): void;
}
