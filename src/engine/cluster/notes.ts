import { isDueAgain } from "../../contracts/due-again.js";
import { type Hasten, inHaste } from "../../contracts/haste.js";
import type { ClusterNote } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { deleteNote, isTurn, keepNote, listNotes, noteReturn } from "../rows/cluster-notes.js";
import { removeOrLeave, unlessAbsent } from "./leaving.js";

/** Gives back to the cluster what no row of this host accounts for; see {@link ClusterNote}. */
export class Notes {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "addressBook" | "membership" | "cluster" | "warn">,
  ) {}

  /** What processes left that have died, and what failed some time ago. Costs one query where there is nothing. */
  async recover(hasten: Hasten): Promise<void> {
    const due = listNotes(this.parts.store).filter((note) => this.isDue(note));
    if (due.length > 0) await hasten(() => this.settle(due));
  }

  /**
   * Makes this process the owner of notes of addresses that no container has any more, in the transaction in which they become free: where
   * it dies before it gives them back, the next command does, whatever became of the process that claimed them.
   */
  takeOver(): void {
    const { store, processes } = this.parts;
    const owner = processes.self();
    for (const note of this.claimedAddresses()) if (this.fate(note) === "surplus") keepNote(store, note, owner);
  }

  /** Addresses that were claimed for containers and that none has any more. A plan that takes one reads in its transaction that it is claimed. */
  async releaseAddresses(): Promise<void> {
    const claimed = this.claimedAddresses();
    if (claimed.length > 0) await this.settle(claimed);
  }

  private claimedAddresses(): readonly ClusterNote[] {
    return listNotes(this.parts.store).filter(({ of, state }) => of === "address" && state === "claimed");
  }

  /** In haste: what cannot be given back now stays noted, as not claimed, for a later command, and the user gets one warning. */
  async settle(notes: readonly ClusterNote[]): Promise<void> {
    const settled = notes.filter((note) => this.fate(note) !== "in use");
    if (settled.length > 0) await inHaste(() => this.insist(settled));
  }

  private async insist(notes: readonly ClusterNote[]): Promise<void> {
    const { store, processes, warn } = this.parts;
    let failed: TsdError | undefined;
    for (const note of notes) {
      // Where one cannot be given back, the next is not tried: the state may be out of reach.
      failed ??= await this.attempt(note);
      if (failed === undefined) continue;
      const failure = { at: new Date().toISOString(), message: failed.message };
      store.transaction(() => {
        if (this.fate(note) === "surplus") noteReturn(store, note, { owner: processes.self(), failure });
      });
    }
    if (failed !== undefined) warn(`the cluster has what this host gave up: ${failed.message}; tsd tries again later`);
  }

  /** Returns why it failed. */
  private async attempt(note: ClusterNote): Promise<TsdError | undefined> {
    const { store, processes } = this.parts;
    const returned = store.transaction(() => {
      const fate = this.fate(note);
      if (fate === "settled") deleteNote(store, note);
      // No plan relies on it from here on: one that is made meanwhile claims it again.
      return fate === "surplus" ? noteReturn(store, note, { owner: processes.self() }) : undefined;
    });
    if (returned === undefined) return undefined;
    try {
      await this.giveBack(returned);
    } catch (error) {
      if (TsdError.is(error)) return error;
      throw error;
    }
    store.transaction(() => {
      if (isTurn(store, returned)) deleteNote(store, returned);
    });
    return undefined;
  }

  private async giveBack(note: ClusterNote): Promise<void> {
    if (note.of === "host") {
      const { host, epoch } = note.membership;
      const cluster = await this.parts.cluster(note.membership);
      return unlessAbsent(() => cluster.removeHost(host, { epoch, force: true }));
    }
    const membership = this.parts.membership();
    // With the host went all that it had.
    if (membership === undefined) return;
    const cluster = await this.parts.cluster();
    const self = { name: membership.host, epoch: membership.epoch };
    if (note.of === "address") await cluster.releaseAddress(note, self, () => isTurn(this.parts.store, note));
    else await removeOrLeave(cluster, note, self);
  }

  /** Whether rows account for it, a row is worked on that does, or none does any more. */
  private fate(note: ClusterNote): "settled" | "in use" | "surplus" {
    const { store, addressBook } = this.parts;
    if (note.of === "host") return this.parts.membership()?.epoch === note.membership.epoch ? "settled" : "surplus";
    const row = store.networks.get(note.id);
    if (row === undefined) return "surplus";
    if (note.of === "network") return row.state === "ready" ? "settled" : "in use";
    const isLeased = row.network.subnets.some(
      ({ cidr }) => addressBook.holder({ networkId: note.id, cidr, address: note.address }) !== undefined,
    );
    return isLeased ? "in use" : "surplus";
  }

  private isDue(note: ClusterNote): boolean {
    if (note.failure !== undefined) return isDueAgain(note.failure.at);
    return !this.parts.processes.isAlive(note.owner);
  }
}
