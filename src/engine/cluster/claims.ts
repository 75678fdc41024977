import type { ClusterNote } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { LackingClaim, Proposed } from "../plan/proposed.js";
import { deleteNote, isClaimed, isTurn, noteClaim, noteClaimed } from "../rows/cluster-notes.js";
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
    const cluster = await this.parts.cluster();
    const noted = note === undefined ? undefined : store.transaction(() => noteClaim(store, note, processes.self()));
    try {
      const place = await claim(cluster, { name, epoch, address });
      store.transaction(() => {
        if (noted !== undefined) noteClaimed(store, noted);
        settle?.(place);
      });
      proposed.supplyClaim(place);
    } catch (error) {
      if (noted !== undefined) await this.undo(noted, error);
      throw error;
    }
    return noted === undefined ? [] : [noted];
  }

  /** Where another has it, nothing is to be given back. A race that did not end may have been won without a reply. */
  private async undo(noted: ClusterNote, error: unknown): Promise<void> {
    const { store } = this.parts;
    if (TsdError.is(error, "conflict") && error.code !== "TSD_CLUSTER_BUSY")
      store.transaction(() => {
        if (isTurn(store, noted) && !isClaimed(store, noted)) deleteNote(store, noted);
      });
    else await this.notes.settle([noted]);
  }

  /** Gives back what no row took in the end. */
  giveBack(noted: readonly ClusterNote[]): Promise<void> {
    return this.notes.settle(noted);
  }
}
