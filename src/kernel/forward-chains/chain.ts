import type { ForwardChain, ForwardedPacket } from "../../api/forwarding.js";

/** Whether a packet meets one condition of a rule; undefined for what cannot be known of a packet that is not there. */
export type Condition = (packet: ForwardedPacket) => boolean | undefined;

/** What becomes of a packet that meets all conditions of a rule. */
export type Fate =
  | { readonly kind: "accept" | "drop" | "return" | "continue" }
  | { readonly kind: "jump" | "goto"; readonly chain: string };

export interface Rule {
  readonly conditions: readonly Condition[];
  readonly fate: Fate;
  /** The kernel's number of the rule; absent in iptables-legacy, where its place in the chain names it. */
  readonly handle?: number;
  readonly comment: string;
  /** The rule as iptables-save(8) prints it; absent where nft(8) was asked. */
  readonly line?: string;
}

/** A chain that a hook of the kernel's leads to, with those of its table. */
export interface HookedChain {
  readonly chain: ForwardChain;
  /** Whether what no rule decides on is dropped. */
  readonly drops: boolean;
  readonly rules: readonly Rule[];
  /** All chains of the table, by their names. */
  readonly table: ReadonlyMap<string, readonly Rule[]>;
  /** See {@link ForwardDrop.closed}. */
  readonly closed?: string;
}
