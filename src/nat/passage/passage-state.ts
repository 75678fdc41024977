import { customaryPackets, type Passage } from "../../api/index.js";
import type { HookedChain, Rule } from "../../kernel/forward-chains/chain.js";
import { concealsDenials, deadEnd } from "../../kernel/forward-chains/dead-end.js";
import { concealing, sees } from "../../kernel/forward-chains/forward-drops.js";

/** How a chain is towards a passage, whose owner is written as comments are. */
export interface PassageState {
  /** Those of the chain's rules that are the passage's. */
  readonly own: readonly Rule[];
  /** The packets pass. */
  readonly passes: boolean;
  /** Without rules of the passage's they would be lost before the rule with that index; absent where they would pass. */
  readonly end?: number;
  /** See {@link ForwardDrop.closed}. */
  readonly closed?: string;
  /** The chain's rules without the passage's. */
  readonly others: readonly Rule[];
}

/** `uplinks` are names of links by which the host reaches other machines. Pure. */
export function passageState(passage: Passage, hooked: HookedChain, uplinks: readonly string[]): PassageState {
  const { bridge, subnets, owner } = passage;
  const packets = customaryPackets(bridge, subnets, uplinks).filter((packet) => sees(hooked.chain, packet));
  const own = hooked.rules.filter(({ comment }) => comment === owner);
  const others = hooked.rules.filter((rule) => !own.includes(rule));
  const without = { ...hooked, rules: others };
  const lost = packets.flatMap((packet) => {
    const at = deadEnd(without, packet);
    return at === undefined ? [] : [{ packet, at }];
  });
  const passes = packets.every((packet) => deadEnd(hooked, packet) === undefined);
  const conceals = lost.some(({ at, packet }) => concealsDenials(without, at, packet));
  const closed = hooked.closed ?? (conceals ? concealing : undefined);
  return {
    own,
    others,
    passes,
    ...(closed === undefined ? {} : { closed }),
    ...(lost.length === 0 ? {} : { end: Math.min(...lost.map(({ at }) => at)) }),
  };
}
