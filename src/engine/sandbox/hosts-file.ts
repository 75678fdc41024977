import type { File } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { knownNames } from "./known-names.js";
import { NameDirectory } from "./name-directory.js";
import { isSpoken, keptLines, nameFile } from "./name-files.js";

/**
 * The /etc/hosts of a container that is responsible for its sandbox, as the store has it now: what {@link knownNames} says.
 * `directory` is worth sharing among many containers.
 */
export function hostsFile(store: Store, row: ContainerRow, directory = new NameDirectory(store)): File | undefined {
  const { sandbox } = row.container;
  if (sandbox === undefined) return undefined;
  const known = knownNames(store, row, directory);
  const lines = [
    ...sandbox.hosts,
    ...known.flatMap(({ own: { addresses, names } }) => keptLines(addresses, names)),
    ...known.flatMap(({ endpoint, links }) =>
      links.flatMap(({ addresses, names }) => keptLines(addresses.filter(isSpoken(endpoint)), names)),
    ),
    ...known.flatMap(({ endpoint, neighbours }) =>
      neighbours.flatMap((one) => directory.lines(one).filter(isSpoken(endpoint))),
    ),
  ];
  return nameFile(sandbox, "hosts", lines);
}
