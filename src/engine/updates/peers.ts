import type { Peer } from "../../api/index.js";
import type { NetworkRow, PeerRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { joinFailures } from "../../errors/join-failures.js";
import type { Parts } from "../contracts/parts.js";
import { driverOf } from "../requests/drivers.js";
import { ensureEach } from "../resources/ensure-each.js";
import { interleave } from "../resources/interleave.js";
import { without } from "../resources/resource-lists.js";
import { withFreePeers } from "./free-peers.js";

type PeerParts = Pick<Parts, "store" | "processes" | "applier" | "drivers" | "warn">;

/** Peers of one network that are to be as given, and ids of those that are to go. */
export interface PeerChange {
  readonly put: readonly Peer[];
  readonly gone: readonly string[];
}

/**
 * Keeps what other hosts need on this one. Rows list it before the kernel is touched, so that a process that dies leaves nothing that
 * no row says. Whatever the number of peers, a change is one list for the providers. What the kernel refuses for one peer keeps no
 * other from being made.
 */
export class Peers {
  constructor(private readonly parts: PeerParts) {}

  /** Brings a network into line with all the peers that it has. Costs one read where nothing differs. */
  async follow(networkId: string, peers: readonly Peer[]): Promise<void> {
    const present = new Map(this.parts.store.peers.ofNetwork(networkId).map((row) => [row.id, row]));
    const wanted = new Set(peers.map(({ id }) => id));
    await this.change(networkId, {
      put: peers.filter((peer) => !this.isDone(present.get(peer.id), peer)),
      gone: [...present.keys()].filter((id) => !wanted.has(id)),
    });
  }

  /**
   * Carries out a change of some. Does nothing for a network that is not here or about to go. Throws what failed, after all else is
   * done: a peer that could not be made has no row, and is as new the next time.
   */
  async change(networkId: string, { put, gone }: PeerChange): Promise<void> {
    if (put.length === 0 && gone.length === 0) return;
    const { store } = this.parts;
    const ids = new Set([...put.map(({ id }) => id), ...gone]);
    const isMeant = ({ id }: PeerRow): boolean => ids.has(id);
    const begun = await withFreePeers(this.parts, isMeant, () => {
      const network = store.networks.get(networkId);
      if (network === undefined || network.state === "deleting") return [];
      return [...this.beginPuts(network, put), ...this.beginRemovals(gone)];
    });
    await this.carryOut(begun);
  }

  /**
   * Undoes or finishes what a dead process began. What cannot be finished is given up, since the agent makes a peer again that has no
   * row. Peers of a network that went with an earlier boot wait for it.
   */
  async complete(rows: readonly PeerRow[]): Promise<void> {
    const { store, processes, warn } = this.parts;
    const self = processes.self();
    const claimed = store.unsyncedTransaction(() =>
      rows.flatMap((row) => {
        const found = store.peers.get(row.id);
        if (found?.state !== row.state || !sameOwner(found.owner, row.owner)) return [];
        const made = store.networks.get(found.peer.networkId)?.owner;
        if (found.state === "changing" && made?.bootId !== self.bootId) {
          const { leaving: _leaving, ...rest } = found;
          store.peers.update({ ...rest, state: "ready", owner: made ?? found.owner });
          return [];
        }
        const mine: PeerRow = { ...found, owner: self, state: found.state === "creating" ? "deleting" : found.state };
        store.peers.update(mine);
        return [mine];
      }),
    );
    await this.clear(claimed);
    const failures = await this.make(claimed.filter(({ state }) => state === "changing"));
    if (failures.length > 0) warn(`peers that a dead process left half-done are given up: ${messageOf(failures)}`);
  }

  private isDone(row: PeerRow | undefined, peer: Peer): boolean {
    if (row?.state !== "ready" || row.owner.bootId !== this.parts.processes.self().bootId) return false;
    return JSON.stringify(row.peer) === JSON.stringify(peer);
  }

  /** In the caller's transaction. */
  private beginPuts({ network }: NetworkRow, peers: readonly Peer[]): readonly PeerRow[] {
    const { store, processes, drivers } = this.parts;
    const driver = driverOf(drivers, network);
    return peers.map((peer): PeerRow => {
      const found = store.peers.get(peer.id);
      const resources = driver.peer?.(network, peer) ?? [];
      const row = { id: peer.id, owner: processes.self(), resources, peer };
      if (found === undefined) {
        const created: PeerRow = { ...row, state: "creating" };
        store.peers.insert(created);
        return created;
      }
      const leaving = without([...found.resources, ...(found.leaving ?? [])], resources);
      const changing: PeerRow = { ...row, leaving, state: found.state === "creating" ? "creating" : "changing" };
      store.peers.update(changing);
      return changing;
    });
  }

  /** In the caller's transaction. */
  private beginRemovals(ids: readonly string[]): readonly PeerRow[] {
    const { store, processes } = this.parts;
    return ids.flatMap((id) => {
      const found = store.peers.get(id);
      if (found === undefined) return [];
      const deleting: PeerRow = { ...found, state: "deleting", owner: processes.self() };
      store.peers.update(deleting);
      return [deleting];
    });
  }

  private async carryOut(rows: readonly PeerRow[]): Promise<void> {
    await this.clear(rows);
    const failures = await this.make(rows.filter(({ state }) => state !== "deleting"));
    if (failures.length > 0) throw joinFailures(failures);
  }

  /** Takes away what rows have no more. First, since one peer may get what another had. */
  private async clear(rows: readonly PeerRow[]): Promise<void> {
    const { store, applier } = this.parts;
    const goes = ({ state }: PeerRow): boolean => state === "deleting";
    await applier.remove(interleave(rows.map((row) => [...(goes(row) ? row.resources : []), ...(row.leaving ?? [])])));
    const gone = rows.filter(goes);
    if (gone.length === 0) return;
    store.unsyncedTransaction(() => {
      for (const { id } of gone) store.peers.delete(id);
    });
  }

  /** Returns what failed; a peer for which something did has no row then. */
  private async make(rows: readonly PeerRow[]): Promise<readonly unknown[]> {
    if (rows.length === 0) return [];
    const { store, applier } = this.parts;
    const failed = await ensureEach(applier, rows);
    await applier.remove(interleave([...failed.keys()].map(({ resources }) => resources)));
    store.unsyncedTransaction(() => {
      for (const row of rows) {
        const { leaving: _leaving, ...made } = row;
        if (failed.has(row)) store.peers.delete(row.id);
        else store.peers.update({ ...made, state: "ready" });
      }
    });
    return [...failed.values()];
  }
}

function messageOf(failures: readonly unknown[]): string {
  return (joinFailures(failures) as Error).message;
}
