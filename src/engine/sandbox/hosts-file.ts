import { familyOf } from "../../api/address-family.js";
import type { Container, File, Resource } from "../../api/index.js";
import type { ContainerRow, EndpointSummary, Store } from "../../contracts/index.js";
import { shortId } from "../rows/identifiers.js";
import { linkedContainers } from "./links.js";
import { NameDirectory } from "./name-directory.js";
import { hostNames, keptLines, nameFile } from "./name-files.js";

/**
 * The /etc/hosts of a container that is responsible for its sandbox, as it is to be now: its own names, those of its links,
 * and on networks that a user made those of all others. No row lists these lines, since each would list all others;
 * `directory` is worth sharing among many containers.
 */
export function hostsFile(store: Store, containerId: string, directory = new NameDirectory(store)): File | undefined {
  const outline = directory.outline(containerId);
  if (outline?.container.sandbox === undefined) return undefined;
  const { container } = outline;
  const { sandbox } = outline.container;
  const attached = store.endpoints.summariesOf(containerId).filter(({ state }) => state !== "deleting");
  const row = outline.hasLinks ? store.containers.get(containerId) : undefined;
  const isLive = container.status === "starting" || container.status === "running";
  const own = isLive ? attached.flatMap((endpoint) => ownLines(container, endpoint)) : [];
  const linked = row === undefined ? [] : attached.flatMap((endpoint) => linkLines(store, row, endpoint));
  const file = nameFile(sandbox, "hosts", [...sandbox.hosts, ...own, ...linked]);
  const others = attached.map((endpoint) =>
    directory.linesBeside(containerId, endpoint.networkId, speaksIPv6(endpoint.addresses)),
  );
  return { ...file, content: file.content + others.join("") };
}

/** What the row lists, with /etc/hosts as it is to be now. */
export function withNames(store: Store, row: ContainerRow, directory?: NameDirectory): readonly Resource[] {
  const file = hostsFile(store, row.id, directory);
  return row.resources.map((one) => (one.kind === "file" && one.path === file?.path ? file : one));
}

function ownLines(
  { id, name, sandbox }: Pick<Container, "id" | "name" | "sandbox">,
  { addresses, aliases }: EndpointSummary,
): readonly string[] {
  const host = sandbox === undefined ? [] : hostNames(sandbox);
  return keptLines(addresses, [...host, name, ...aliases, shortId(id)]);
}

function linkLines(store: Store, row: ContainerRow, { networkId, addresses }: EndpointSummary): readonly string[] {
  const lines = linkedContainers(store, row, networkId).flatMap(({ alias, row: { id, container }, endpoint }) => {
    const host = container.sandbox === undefined ? [] : hostNames(container.sandbox);
    return keptLines(endpoint.addresses, [alias, container.name, shortId(id), ...host]);
  });
  // Who has IPv6 switched off does not hear of addresses that it could not call.
  return speaksIPv6(addresses) ? lines : lines.filter((line) => familyOf(line.split("\t", 1)[0] ?? "") === 4);
}

function speaksIPv6(addresses: readonly string[]): boolean {
  return addresses.some((address) => familyOf(address) === 6);
}
