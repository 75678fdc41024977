import type { ContainerSpec, NetworkAttachment } from "../../api/index.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { withNetworks } from "../requests/container-requests.js";
import { isMode } from "../requests/network-mode.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";
import { networkIdOf } from "../rows/network-id.js";
import { makerOf } from "../sandbox/sandbox.js";
import { renewReservations } from "./address-lease.js";

type AttachmentParts = Pick<Parts, "store" | "addressBook">;

/** What a container without networks asks for, so that its next start does not put it on the default one. */
const none: NetworkAttachment = { network: "none" };

/** The row of a container that is on one network more. Modes give way: what is attached is no longer without network. */
export function withAttachment(
  drivers: Parts["drivers"],
  row: ContainerRow,
  attachment: NetworkAttachment,
): ContainerRow {
  const present = asked(row.container.spec).filter(({ network }) => !isMode(drivers, network));
  return withNetworks(row, [...present, attachment]);
}

/** The row of a container that is on that network no more. */
export function withoutAttachment(store: Store, row: ContainerRow, networkId: string): ContainerRow {
  const left = asked(row.container.spec).filter(({ network }) => networkIdOf(store, network) !== networkId);
  return withNetworks(row, left.length === 0 ? [none] : left);
}

/** Takes a container off that network from its next start on, and gives back what it reserved there. In the caller's transaction. */
export function leaveNetwork(parts: Pick<Parts, "store" | "addressBook">, row: ContainerRow, networkId: string): void {
  const left = withoutAttachment(parts.store, row, networkId);
  parts.store.containers.update(left);
  renewReservations(parts, left.container);
}

/** After an endpoint of a container is gone, in the caller's transaction. */
export function withdrawAttachment(parts: AttachmentParts, user: ContainerRow, networkId: string): void {
  const maker = makerOf(parts.store, user);
  if (maker === undefined) return;
  if (user.container.status === "running") leaveNetwork(parts, maker, networkId);
  // A start was cut short: the next one is to put it there.
  else renewReservations(parts, maker.container);
}

/** Whether the container's next start puts it on that network. */
export function isMeantToBeOn(store: Store, { container }: ContainerRow, networkId: string): boolean {
  return asked(container.spec).some(({ network }) => networkIdOf(store, network) === networkId);
}

/** A container that names no network asks for the default one. */
function asked({ networks = [] }: ContainerSpec): readonly NetworkAttachment[] {
  return networks.length === 0 ? [{ network: defaultNetworkName }] : networks;
}

/** Of the containers that share a sandbox, the one whose row lists it and whose endpoints it has. */
export function sandboxOwner(store: Store, row: ContainerRow): ContainerRow {
  if (ownsSandbox(row)) return row;
  const { sandbox } = row.container;
  return (sandbox && store.containers.inSandbox(sandbox.id).find(ownsSandbox)) ?? row;
}
