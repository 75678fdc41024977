import { customaryPackets } from "../../../../src/api/forwarding.js";
import type { HookedChain } from "../../../../src/kernel/forward-chains/chain.js";
import { deadEnd } from "../../../../src/kernel/forward-chains/dead-end.js";

const packets = customaryPackets("br-a", ["10.1.0.0/24", "fd00:1::/64"], ["eth0"]).filter(({ bridged }) => !bridged);
const names = ["way out", "reply", "call", "answer"];

/** What of a network is lost in a chain, with the rule that does it: `way out 4 at 0`. */
export function lostIn(chain: Omit<HookedChain, "chain">): readonly string[] {
  return packets.flatMap((packet, index) => {
    const at = deadEnd({ chain: { tool: "nft", family: "inet", table: "t", name: "f" }, ...chain }, packet);
    return at === undefined ? [] : [`${names[index % 4]} ${packet.family} at ${at}`];
  });
}

/** All four of both families at that rule. */
export function allAt(at: number, families: readonly (4 | 6)[] = [4, 6]): readonly string[] {
  return families.flatMap((family) => names.map((name) => `${name} ${family} at ${at}`));
}
