import type { ForwardDrop } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";
import { canOpen, dropsOfNetworks } from "../host-facts/dropping-chains.js";
import { noteChains } from "../rows/opened-chains.js";
import type { Adaptations } from "./adaptations.js";

/** Has chains of others accept what is for containers, where they drop it. */
export class ChainOpening {
  constructor(
    private readonly parts: Pick<Parts, "store" | "host" | "applier">,
    private readonly adaptations: Pick<Adaptations, "follow">,
  ) {}

  /** See {@link System.fix}. A crash behind the note leaves the rest to the next command that changes anything. */
  async open(): Promise<readonly ForwardDrop[]> {
    const { store, applier } = this.parts;
    const drops = (await dropsOfNetworks(store, await this.parts.host())).filter((drop) => canOpen(store, drop));
    if (drops.length === 0) return [];
    const chains = drops.map(({ chain }) => chain);
    store.transaction(() => noteChains(store, chains));
    await this.adaptations.follow();
    // A chain that was opened before, and that its owner has written again since; and one that could not be opened just now,
    // for which `follow` only warns.
    const lists = store.networks.list().filter(({ state }) => state === "ready" || state === "changing");
    await applier.ensure(lists.flatMap(({ resources }) => resources.filter(({ kind }) => kind === "passage")));
    return drops;
  }
}
