import type { ForwardedPacket } from "../../api/forwarding.js";
import type { HookedChain, Rule } from "./chain.js";

/** As deep as the kernel goes, NFT_JUMP_STACK_SIZE of <net/netfilter/nf_tables.h>. */
const MAX_DEPTH = 16;

type Outcome = "accept" | "drop" | "undecided";

/**
 * At which rule of the chain, by its index, a packet is lost: dropped there, or in a chain that it leads to. The number of
 * rules where that is the policy's doing; undefined where the packet passes. A rule with a condition that cannot be known
 * is passed over, whatever it would do: it knows particular packets, and those in question are any.
 */
export function deadEnd({ rules, table, drops }: HookedChain, packet: ForwardedPacket): number | undefined {
  for (const [index, rule] of rules.entries()) {
    if (!isMet(rule, packet)) continue;
    const { kind } = rule.fate;
    const outcome = outcomeOf(rule, table, packet, MAX_DEPTH);
    if (outcome === "drop") return index;
    if (outcome === "accept") return undefined;
    if (kind === "return" || kind === "goto") break;
  }
  return drops ? rules.length : undefined;
}

/**
 * Whether the chains that the rule with that index leads to drop particular packets before they drop this one, which stays
 * unsaid by what becomes of this one: whatever is accepted in front of that rule escapes them.
 */
export function concealsDenials({ rules, table }: HookedChain, index: number, packet: ForwardedPacket): boolean {
  const rule = rules[index];
  return (
    rule !== undefined &&
    "chain" in rule.fate &&
    deniesOthers(table.get(rule.fate.chain) ?? [], table, packet, MAX_DEPTH)
  );
}

function deniesOthers(
  rules: readonly Rule[],
  table: HookedChain["table"],
  packet: ForwardedPacket,
  depth: number,
): boolean {
  for (const rule of rules) {
    if (!isMet(rule, packet)) {
      if (isConceivable(rule, packet) && leadsToDrop(rule, table, depth)) return true;
      continue;
    }
    const { fate } = rule;
    if ("chain" in fate && depth > 0 && deniesOthers(table.get(fate.chain) ?? [], table, packet, depth - 1))
      return true;
    if (outcomeOf(rule, table, packet, depth) !== "undecided" || fate.kind === "return" || fate.kind === "goto")
      return false;
  }
  return false;
}

function leadsToDrop({ fate }: Rule, table: HookedChain["table"], depth: number): boolean {
  if (!("chain" in fate)) return fate.kind === "drop";
  return depth > 0 && (table.get(fate.chain) ?? []).some((rule) => leadsToDrop(rule, table, depth - 1));
}

function outcomeOf({ fate }: Rule, table: HookedChain["table"], packet: ForwardedPacket, depth: number): Outcome {
  switch (fate.kind) {
    case "accept":
    case "drop":
      return fate.kind;
    case "jump":
    case "goto":
      return depth === 0 ? "undecided" : walk(table.get(fate.chain) ?? [], table, packet, depth - 1);
    default:
      return "undecided";
  }
}

function walk(rules: readonly Rule[], table: HookedChain["table"], packet: ForwardedPacket, depth: number): Outcome {
  for (const rule of rules) {
    if (!isMet(rule, packet)) continue;
    const outcome = outcomeOf(rule, table, packet, depth);
    if (outcome !== "undecided") return outcome;
    if (rule.fate.kind === "return" || rule.fate.kind === "goto") return "undecided";
  }
  return "undecided";
}

/** Packets of that kind may meet it: nothing that is known of this one says otherwise. */
function isConceivable({ conditions }: Rule, packet: ForwardedPacket): boolean {
  return conditions.every((condition) => condition(packet) !== false);
}

function isMet({ conditions }: Rule, packet: ForwardedPacket): boolean {
  return conditions.every((condition) => condition(packet) === true);
}
