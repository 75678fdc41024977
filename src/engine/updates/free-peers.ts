import { setTimeout as sleep } from "node:timers/promises";
import { monotonicTime } from "../../contracts/clock.js";
import type { PeerRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { Parts } from "../contracts/parts.js";
import { peerName } from "../rows/peer-name.js";
import { busy } from "../rows/refuse-busy.js";

/** Milliseconds that another process may take for the same peers. */
const patience = 10_000;

/**
 * Does `work` in a transaction in which no other living process works on peers that are meant. Throws `conflict` naming one that
 * takes too long. A power cut takes away what peers have in the kernel, so the transaction waits for no disk.
 */
export async function withFreePeers<T>(
  { store, processes }: Pick<Parts, "store" | "processes">,
  isMeant: (row: PeerRow) => boolean,
  work: () => T,
): Promise<T> {
  const isOthers = ({ owner }: PeerRow): boolean => !sameOwner(owner, processes.self()) && processes.isAlive(owner);
  const deadline = monotonicTime() + patience;
  for (;;) {
    const outcome = store.unsyncedTransaction(() => {
      const held = store.peers.unfinished().find((row) => isMeant(row) && isOthers(row));
      return held === undefined ? { value: work() } : { held };
    });
    if (outcome.held === undefined) return outcome.value;
    if (monotonicTime() > deadline)
      throw busy(outcome.held, { noun: "peer", called: peerName(store, outcome.held.peer) });
    await sleep(5);
  }
}
