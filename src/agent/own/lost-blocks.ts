import type { OfferInput } from "./offer-input.js";

/** Blocks of this host that the cluster's state says are another's; what is written there may be of no use, and no host can claim it. */
export function lostBlocks({
  keys,
  records,
  membership,
  local: { network },
}: Pick<OfferInput, "keys" | "records" | "membership" | "local">): readonly string[] {
  const own = JSON.stringify(membership.host);
  return network.cluster.blocks.filter((block) => {
    const holder = records.at(keys.block(network.id, block))?.value;
    return holder !== undefined && holder !== own;
  });
}
