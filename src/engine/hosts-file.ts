import type { ContainerRow, File, Store } from "../api/index.js";
import { linkedContainers } from "./links.js";
import { NameDirectory } from "./name-directory.js";
import { nameFile, ownNames } from "./name-files.js";

/**
 * The /etc/hosts of a container that answers for its sandbox, as the store has it now: its own names, those of its links,
 * and on networks that a user made those of all others. `directory` is worth sharing among many containers.
 */
export function hostsFile(store: Store, row: ContainerRow, directory = new NameDirectory(store)): File | undefined {
  const { sandbox } = row.container;
  if (sandbox === undefined) return undefined;
  const attached = store.endpoints.ofContainer(row.id).filter(({ state }) => state !== "deleting");
  const networkIds = attached.map(({ endpoint }) => endpoint.networkId);
  const lines = [
    ...sandbox.hosts,
    ...networkIds.flatMap((id) => ownLines(directory, row, { networkId: id, names: ownNames(sandbox) })),
    ...networkIds.flatMap((id) => linkLines(store, row, id)),
    ...networkIds.flatMap((id) => neighbourLines(directory, row, id)),
  ];
  return nameFile(sandbox, "hosts", lines);
}

function ownLines(
  directory: NameDirectory,
  row: ContainerRow,
  { networkId, names }: { readonly networkId: string; readonly names: string },
): readonly string[] {
  const own = directory.on(networkId).filter(({ container }) => container.id === row.id);
  return own.flatMap(({ endpoint }) => linesFor(endpoint.addresses, names));
}

function linkLines(store: Store, row: ContainerRow, networkId: string): readonly string[] {
  return linkedContainers(store, row, networkId).flatMap(({ alias, name, endpoint }) =>
    linesFor(endpoint.addresses, [...new Set([alias, name])].join(" ")),
  );
}

function neighbourLines(directory: NameDirectory, row: ContainerRow, networkId: string): readonly string[] {
  const others = directory.listed(networkId).filter(({ container }) => container.id !== row.id);
  return others.flatMap(({ container, endpoint }) =>
    linesFor(endpoint.addresses, [container.name, ...endpoint.aliases].join(" ")),
  );
}

function linesFor(addresses: readonly string[], names: string): readonly string[] {
  return addresses.map((address) => `${address.split("/")[0]}\t${names}`);
}
