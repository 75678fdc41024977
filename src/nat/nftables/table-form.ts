import type { Entry } from "./element-messages.js";

/**
 * A table as the kernel holds it, reduced to what decides about packets: equal forms do the same. Declarations and rules are
 * the kernel's own attributes, so that nothing is lost in the words of a program; handles, counters and comments are not
 * among them.
 */
export interface TableForm {
  readonly isDormant: boolean;
  readonly chains: ReadonlyMap<string, ChainForm>;
  /** Those with a name; the others are part of their rules. */
  readonly sets: ReadonlyMap<string, SetForm>;
  /** Things of kinds that tsd makes none of, as nft(8) names them: `counter hits`. */
  readonly others: readonly string[];
}

export interface ChainForm {
  /** Type, hook, priority, devices, policy. */
  readonly declaration: string;
  readonly rules: readonly RuleForm[];
}

export interface RuleForm {
  readonly form: string;
  /** By which nft names it. */
  readonly handle: bigint;
}

export interface SetForm {
  /** Types, flags, sizes. */
  readonly declaration: string;
  readonly entries: readonly Entry[];
}
