import { familyOf } from "../../api/address-family.js";
import type { Endpoint, File } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { linkedContainers } from "./links.js";
import { NameDirectory } from "./name-directory.js";
import { hostNames, keptLines, nameFile } from "./name-files.js";

/**
 * The /etc/hosts of a container that is responsible for its sandbox, as the store has it now: its own names, those of its
 * links, and on networks that a user made those of all others. `directory` is worth sharing among many containers.
 */
export function hostsFile(store: Store, row: ContainerRow, directory = new NameDirectory(store)): File | undefined {
  const { sandbox } = row.container;
  if (sandbox === undefined) return undefined;
  const attached = store.endpoints.ofContainer(row.id).filter(({ state }) => state !== "deleting");
  const networkIds = attached.map(({ endpoint }) => endpoint.networkId);
  const lines = [
    ...sandbox.hosts,
    ...networkIds.flatMap((id) => ownLines(directory, row, id)),
    ...attached.flatMap(({ endpoint }) => spokenBy(endpoint, linkLines(store, row, endpoint.networkId))),
    ...attached.flatMap(({ endpoint }) => spokenBy(endpoint, neighbourLines(directory, row, endpoint.networkId))),
  ];
  return nameFile(sandbox, "hosts", lines);
}

function ownLines(directory: NameDirectory, { id, container }: ContainerRow, networkId: string): readonly string[] {
  const own = directory.on(networkId).filter((one) => one.container.id === id);
  const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
  return own.flatMap(({ endpoint }) =>
    keptLines(endpoint.addresses, [...host, container.name, ...endpoint.aliases, shortId(id)]),
  );
}

function linkLines(store: Store, row: ContainerRow, networkId: string): readonly string[] {
  return linkedContainers(store, row, networkId).flatMap(({ alias, row: { id, container }, endpoint }) => {
    const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
    return keptLines(endpoint.addresses, [alias, container.name, shortId(id), ...host]);
  });
}

function neighbourLines(directory: NameDirectory, row: ContainerRow, networkId: string): readonly string[] {
  const others = directory.listed(networkId).filter(({ container }) => container.id !== row.id);
  return others.flatMap(({ lines }) => lines);
}

/** Who has IPv6 switched off does not hear of addresses that it could not call. */
function spokenBy({ addresses }: Endpoint, lines: readonly string[]): readonly string[] {
  if (addresses.some((address) => familyOf(address) === 6)) return lines;
  return lines.filter((line) => familyOf(line.split("\t", 1)[0] ?? "") === 4);
}
