import type { ClusterNote } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import type { LackingClaim, Proposed } from "../plan/proposed.js";
import { putNote } from "../rows/cluster-notes.js";
import { requireMembership } from "../rows/membership.js";
import type { Notes } from "./notes.js";

/** Claims in the cluster what a plan lacks, outside of every transaction. */
export class Claims {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "membership" | "cluster">,
    private readonly notes: Pick<Notes, "settle">,
  ) {}

  /** Returns what it noted. */
  async claim({ note, claim, settle }: LackingClaim, proposed: Proposed): Promise<readonly ClusterNote[]> {
    const { store, processes } = this.parts;
    const { host: name, epoch, address } = requireMembership(this.parts.membership());
    const noted = note === undefined ? [] : [{ ...note, owner: processes.self() }];
    const cluster = await this.parts.cluster();
    if (noted.length > 0) store.transaction(() => noted.forEach((one) => putNote(store, one)));
    try {
      const place = await claim(cluster, { name, epoch, address });
      if (settle !== undefined) store.transaction(() => settle(place));
      proposed.supplyClaim(place);
    } catch (error) {
      await this.notes.settle(noted);
      throw error;
    }
    return noted;
  }

  /** Gives back what no row took in the end. */
  giveBack(noted: readonly ClusterNote[]): Promise<void> {
    return this.notes.settle(noted);
  }
}
