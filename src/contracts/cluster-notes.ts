import type { Membership } from "./cluster-records.js";
import type { Owner } from "./processes.js";

/**
 * What this host may have in the cluster's state although no row says so. It is written before the state is asked, and deleted in the
 * transaction that writes or settles the row, or once the cluster has it back; that of an address stays as long as a container has it.
 */
export type ClusterNote = ClusterClaim & {
  /** The process that asks for it, or gives it back. */
  readonly owner: Owner;
  /** `claimed`: the cluster has said that this host has it. In the other states it may have it. */
  readonly state: "claiming" | "claimed" | "returning";
  /** Drawn by the first command that claims it, and by each that gives it back: what was begun under another turn does not count. */
  readonly turn: string;
  /** Why the cluster did not take it back when that was last tried (RFC 3339). */
  readonly failure?: { readonly at: string; readonly message: string };
};

export type ClusterClaim =
  /** The host itself joins or leaves. */
  | { readonly of: "host"; readonly membership: Membership }
  /** `goes`: with its blocks goes the network itself, unless other hosts use it. `port`: of WireGuard, on this host. */
  | {
      readonly of: "network";
      readonly id: string;
      readonly name: string;
      readonly goes: boolean;
      readonly port?: number;
    }
  /** One outside of this host's blocks. */
  | { readonly of: "address"; readonly id: string; readonly name: string; readonly address: string };
