import type { Family } from "../../api/address-family.js";
import type { Rule, Table } from "./rule.js";
import { parseRule } from "./rule-line.js";

/** A rule and where it belongs. */
export interface PlacedRule extends Rule {
  readonly family: Family;
  readonly table: Table;
}

/** From its line, in the words of iptables-save(8). */
export function placedRule(place: { readonly family: Family; readonly table: Table }, line: string): PlacedRule {
  const parsed = parseRule(line);
  if (parsed === undefined) throw new RangeError(`not a rule: ${line}`);
  return { ...place, ...parsed };
}

export function commentOf(owner: string): string {
  return `-m comment --comment ${owner}`;
}
