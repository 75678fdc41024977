import type { NetworkAttachment } from "../../api/index.js";
import type { NetworkRow } from "../../contracts/index.js";
import type { Notes } from "../cluster/notes.js";
import type { Parts } from "../contracts/parts.js";
import { renewReservations } from "../plan/address-lease.js";
import { isMeantToBeOn, leaveNetwork, withAttachment } from "../plan/attachments.js";
import { isActive } from "../rows/active-container.js";
import { keeperOf } from "../sandbox/sandbox.js";
import { connectedAlready, notConnected, requireOwnNamespace } from "./connection-errors.js";

type LaterParts = Pick<Parts, "store" | "addressBook" | "drivers">;

/**
 * Puts a container that does not run on a network from its next start on; an address it asks for is its own from now on.
 * False, and nothing happens, for one that runs or is about to, and for one whose network others keep alive.
 */
export function connectLater(parts: LaterParts, id: string, attachment: NetworkAttachment): boolean {
  const { store, drivers } = parts;
  return store.transaction(() => {
    const row = store.containers.resolve(id);
    if (isActive(row.container) || keeperOf(store, row) !== undefined) return false;
    requireOwnNamespace(parts, row);
    const network = store.networks.resolve(attachment.network);
    if (isMeantToBeOn(store, row, network.id)) throw connectedAlready(row, network.network.name);
    const connected = withAttachment(drivers, row, attachment);
    store.containers.update(connected);
    renewReservations(parts, connected.container);
    return true;
  });
}

/** Takes it off again, likewise. */
export function disconnectLater(
  { notes, ...parts }: LaterParts & { readonly notes: Pick<Notes, "takeOver"> },
  id: string,
  network: NetworkRow,
): boolean {
  const { store } = parts;
  return store.transaction(() => {
    const row = store.containers.resolve(id);
    if (isActive(row.container) || keeperOf(store, row) !== undefined) return false;
    requireOwnNamespace(parts, row);
    if (!isMeantToBeOn(store, row, network.id)) throw notConnected(row.container.name, network);
    leaveNetwork(parts, row, network.id);
    notes.takeOver();
    return true;
  });
}
