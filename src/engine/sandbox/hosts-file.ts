import type { File, Resource } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { isPresent } from "../rows/active-container.js";
import { knownNames } from "./known-names.js";
import { NameDirectory } from "./name-directory.js";
import { isSpoken, keptLines, nameFile, speaksIPv6 } from "./name-files.js";

/**
 * The /etc/hosts of a container that is responsible for its sandbox, as it is to be now: what {@link knownNames} says, and on
 * networks that a user made the names of all others. No row lists these lines, since each would list all others;
 * `directory` is worth sharing among many containers.
 */
export function hostsFile(store: Store, containerId: string, directory = new NameDirectory(store)): File | undefined {
  const outline = directory.outline(containerId);
  if (outline?.container.sandbox === undefined) return undefined;
  const { container, hasLinks } = outline;
  const { sandbox, status } = outline.container;
  const attached = store.endpoints.summariesOf(containerId).filter(({ state }) => state !== "deleting");
  const linking = hasLinks ? store.containers.get(containerId) : undefined;
  const known = knownNames(store, { container, linking, attached });
  const file = nameFile(sandbox, "hosts", [
    ...sandbox.hosts,
    ...(isPresent(status) ? known : []).flatMap(({ own: { addresses, names } }) => keptLines(addresses, names)),
    ...known.flatMap(({ endpoint, links }) =>
      links.flatMap(({ addresses, names }) => keptLines(addresses.filter(isSpoken(endpoint)), names)),
    ),
  ]);
  const others = attached.map((endpoint) =>
    directory.linesBeside(containerId, endpoint.networkId, speaksIPv6(endpoint)),
  );
  return { ...file, content: file.content + others.join("") };
}

/** What the row lists, with /etc/hosts as it is to be now. */
export function withNames(store: Store, row: ContainerRow, directory?: NameDirectory): readonly Resource[] {
  const file = hostsFile(store, row.id, directory);
  return row.resources.map((one) => (one.kind === "file" && one.path === file?.path ? file : one));
}
