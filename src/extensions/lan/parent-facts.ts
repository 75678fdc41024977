import type { Facts } from "../../api/index.js";

/** What `observe` found of a network's parent, as it is kept in {@link Network.facts}. */
export interface ParentFacts extends Facts {
  /** The link that the network's links stand on. */
  readonly parent: string;
  /** The parent is not the host's: the network makes it. */
  readonly makes?: "vlan" | "dummy";
  /** The link that a VLAN is of, and its id. */
  readonly base?: string;
  readonly vlan?: number;
  /** No other network can have the parent. */
  readonly exclusive?: true;
  /** Of the parent, in bytes; absent for a dummy. */
  readonly mtu?: number;
  /** Of the parent. */
  readonly mac?: string;
}
