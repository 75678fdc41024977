import { isSameOwner } from "../owner-mark.js";

export const tables = ["raw", "mangle", "filter", "nat"] as const;
export type Table = (typeof tables)[number];

/** Begins the name of every chain that tsd makes. */
export const CHAIN_PREFIX = "TSD-";

/** A rule of one of tsd's chains, read from a line in the words of iptables-save(8). */
export interface Rule {
  readonly chain: string;
  /** What a packet must be for the rule to apply; equal conditions have equal texts. */
  readonly condition: string;
  /** The condition without its ports, and these: rules that differ in their ports alone may still overlap. */
  readonly scope: string;
  readonly ports?: PortRange;
  /** What becomes of the packet: `DNAT 10.10.10.2:80`. */
  readonly action: string;
  /** The rule's comment, see {@link markOwners}; empty where a foreign hand left none. */
  readonly owner: string;
  /** The line itself, `-A TSD-PORT …`. */
  readonly line: string;
}

/** Both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Names a rule's place among all of its table: no two owners can have it. */
export function ruleId({ chain, condition }: Rule): string {
  return `${chain} ${condition}`;
}

/** Same place, same action, same owner. */
export function isSameRule(a: Rule, b: Rule): boolean {
  return ruleId(a) === ruleId(b) && a.action === b.action && isSameOwner(a.owner, b.owner);
}

/** Whether one packet could meet both conditions in one chain. */
export function isOverlapping(a: Rule, b: Rule): boolean {
  if (a.chain !== b.chain || a.scope !== b.scope || a.ports === undefined || b.ports === undefined) return false;
  return a.ports.first <= b.ports.last && b.ports.first <= a.ports.last;
}
