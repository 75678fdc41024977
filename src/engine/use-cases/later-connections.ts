import type { NetworkAttachment } from "../../api/index.js";
import type { NetworkRow } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { renewReservations } from "../plan/address-lease.js";
import { networkIdOf, withAttachment, withoutAttachment } from "../plan/attachments.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
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
    if (isMeantToBeOn(parts, id, network)) throw connectedAlready(row, network.network.name);
    const container = { ...row.container, spec: withAttachment(drivers, row.container.spec, attachment) };
    store.containers.update({ ...row, container });
    renewReservations(parts, container);
    return true;
  });
}

/** Takes it off again, likewise. */
export function disconnectLater(parts: LaterParts, id: string, network: NetworkRow): boolean {
  const { store } = parts;
  return store.transaction(() => {
    const row = store.containers.resolve(id);
    if (isActive(row.container) || keeperOf(store, row) !== undefined) return false;
    requireOwnNamespace(parts, row);
    if (!isMeantToBeOn(parts, id, network)) throw notConnected(row.container.name, network);
    const container = { ...row.container, spec: withoutAttachment(store, row.container.spec, network.id) };
    store.containers.update({ ...row, container });
    renewReservations(parts, container);
    return true;
  });
}

function isMeantToBeOn({ store }: LaterParts, id: string, network: NetworkRow): boolean {
  const { networks = [] } = store.containers.resolve(id).container.spec;
  if (networks.length === 0) return network.network.name === defaultNetworkName;
  return networks.some((attachment) => networkIdOf(store, attachment.network) === network.id);
}
