import type { ContainerSpec, NetworkAttachment } from "../../api/index.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { isMode } from "../requests/network-mode.js";
import { defaultNetworkName } from "../requests/predefined-networks.js";

/** What a container without networks asks for, so that its next start does not put it on the default one. */
const none: NetworkAttachment = { network: "none" };

/** The spec of a container that is on one network more. Modes give way: what is attached is no longer without network. */
export function withAttachment(
  drivers: Parts["drivers"],
  spec: ContainerSpec,
  attachment: NetworkAttachment,
): ContainerSpec {
  const silent = (spec.networks ?? []).length === 0 ? [{ network: defaultNetworkName }] : [];
  const present = (spec.networks ?? []).filter(({ network }) => !isMode(drivers, network));
  return { ...spec, networks: [...silent, ...present, attachment] };
}

/** The spec of a container that is on that network no more. */
export function withoutAttachment(store: Store, spec: ContainerSpec, networkId: string): ContainerSpec {
  const left = (spec.networks ?? []).filter(({ network }) => networkIdOf(store, network) !== networkId);
  return { ...spec, networks: left.length === 0 ? [none] : left };
}

/** The id of a network by name or id prefix; undefined for one that is gone. */
export function networkIdOf(store: Store, ref: string): string | undefined {
  try {
    return store.networks.resolve(ref).id;
  } catch (error) {
    if (TsdError.is(error)) return undefined;
    throw error;
  }
}

/** Of the containers that share a sandbox, the one whose row lists it and whose endpoints it has. */
export function sandboxOwner(store: Store, row: ContainerRow): ContainerRow {
  if (ownsSandbox(row)) return row;
  const { sandbox } = row.container;
  return (sandbox && store.containers.inSandbox(sandbox.id).find(ownsSandbox)) ?? row;
}
