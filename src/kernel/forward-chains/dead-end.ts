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
  const walk = new Walk(table, packet);
  for (const [index, rule] of rules.entries()) {
    if (!isMet(rule, packet)) continue;
    const { kind } = rule.fate;
    const outcome = walk.outcomeOf(rule, MAX_DEPTH);
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
  return rule !== undefined && "chain" in rule.fate && new Walk(table, packet).deniesOthers(rule.fate.chain, MAX_DEPTH);
}

/** One packet in the chains of one table. What a chain does is found once, since many rules may lead to it. */
class Walk {
  private readonly outcomes = new Map<string, Outcome>();
  private readonly denials = new Map<string, boolean>();
  private readonly drops = new Map<string, boolean>();

  constructor(
    private readonly table: HookedChain["table"],
    private readonly packet: ForwardedPacket,
  ) {}

  outcomeOf({ fate }: Rule, depth: number): Outcome {
    switch (fate.kind) {
      case "accept":
      case "drop":
        return fate.kind;
      case "jump":
      case "goto":
        return depth === 0 ? "undecided" : once(this.outcomes, fate.chain, () => this.outcomeIn(fate.chain, depth - 1));
      default:
        return "undecided";
    }
  }

  deniesOthers(chain: string, depth: number): boolean {
    return once(this.denials, chain, () => {
      for (const rule of this.rulesOf(chain)) {
        const { fate } = rule;
        if (!isMet(rule, this.packet)) {
          if (isConceivable(rule, this.packet) && this.leadsToDrop(rule, depth)) return true;
          continue;
        }
        if ("chain" in fate && depth > 0 && this.deniesOthers(fate.chain, depth - 1)) return true;
        if (this.outcomeOf(rule, depth) !== "undecided" || fate.kind === "return" || fate.kind === "goto") return false;
      }
      return false;
    });
  }

  private outcomeIn(chain: string, depth: number): Outcome {
    for (const rule of this.rulesOf(chain)) {
      if (!isMet(rule, this.packet)) continue;
      const outcome = this.outcomeOf(rule, depth);
      if (outcome !== "undecided") return outcome;
      if (rule.fate.kind === "return" || rule.fate.kind === "goto") return "undecided";
    }
    return "undecided";
  }

  private leadsToDrop({ fate }: Rule, depth: number): boolean {
    if (!("chain" in fate)) return fate.kind === "drop";
    if (depth === 0) return false;
    return once(this.drops, fate.chain, () =>
      this.rulesOf(fate.chain).some((rule) => this.leadsToDrop(rule, depth - 1)),
    );
  }

  private rulesOf(chain: string): readonly Rule[] {
    return this.table.get(chain) ?? [];
  }
}

function once<T>(known: Map<string, T>, key: string, find: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = find();
  known.set(key, found);
  return found;
}

/** Packets of that kind may meet it: nothing that is known of this one says otherwise. */
function isConceivable({ conditions }: Rule, packet: ForwardedPacket): boolean {
  return conditions.every((condition) => condition(packet) !== false);
}

function isMet({ conditions }: Rule, packet: ForwardedPacket): boolean {
  return conditions.every((condition) => condition(packet) === true);
}
