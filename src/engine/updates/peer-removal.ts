import type { PeerRow } from "../../contracts/index.js";
import type { Applier, Parts } from "../contracts/parts.js";
import { interleave } from "../resources/interleave.js";
import { withFreePeers } from "./free-peers.js";

/** Takes all peers of a network away that is about to go: none comes any more to one that is `deleting`. */
export async function removePeers(
  parts: Pick<Parts, "store" | "processes"> & { readonly applier: Pick<Applier, "remove"> },
  networkId: string,
): Promise<void> {
  const { store, processes, applier } = parts;
  if (store.peers.ofNetwork(networkId).length === 0) return;
  const isMeant = ({ peer }: PeerRow): boolean => peer.networkId === networkId;
  const rows = await withFreePeers(parts, isMeant, () => {
    const found = store.peers.ofNetwork(networkId);
    for (const row of found) store.peers.update({ ...row, state: "deleting", owner: processes.self() });
    return found;
  });
  await applier.remove(interleave(rows.map(({ resources, leaving = [] }) => [...resources, ...leaving])));
  store.unsyncedTransaction(() => {
    for (const { id } of rows) store.peers.delete(id);
  });
}
