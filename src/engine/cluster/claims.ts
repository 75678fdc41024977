import type { ClusterClaim, ClusterNote } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { LackingClaim, Proposed } from "../plan/proposed.js";
import { deleteNote, isClaimed, isTurn, noteClaim, noteClaimed } from "../rows/cluster-notes.js";
import { requireMembership } from "../rows/membership.js";
import { wireguardPortHolder } from "../rows/wireguard-ports.js";
import type { Notes } from "./notes.js";

/** Claims in the cluster what a plan lacks, outside of every transaction. */
export class Claims {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "membership" | "cluster">,
    private readonly notes: Pick<Notes, "settle">,
  ) {}

  /** Returns what it noted; nothing where the plan is to be made again first. */
  async claim({ note, claim, settle }: LackingClaim, proposed: Proposed): Promise<readonly ClusterNote[]> {
    const { store } = this.parts;
    const { host: name, epoch, address } = requireMembership(this.parts.membership());
    const cluster = await this.parts.cluster();
    const noted = note === undefined ? undefined : store.transaction(() => this.note(note));
    if (noted === "outdated") {
      proposed.supplyClaim(undefined);
      return [];
    }
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

  /** In a transaction. A network that was planned at the same time may have got the port since: the plan is made again. */
  private note(claim: ClusterClaim): ClusterNote | "outdated" {
    const { store, processes } = this.parts;
    if (
      claim.of === "network" &&
      claim.port !== undefined &&
      wireguardPortHolder(store, { ...claim, port: claim.port })
    )
      return "outdated";
    return noteClaim(store, claim, processes.self());
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
