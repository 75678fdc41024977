import type { Resource, Sweeper } from "../../api/index.js";
import { sweeperOf } from "../../kernel/orphans/sweeper-of.js";
import { Records } from "./records.js";
import { recordsBelow } from "./records-below.js";

/** Records of networks and endpoints that no row lists: a plug-in was given up. What IPAM gave is a debt until it is released. */
export function recordSweeper(root: string): Sweeper {
  const directory = recordsBelow(root);
  const sorts = ["network", "endpoint"] as const;
  const pathOf = (sort: (typeof sorts)[number], id: string): string => new Records(directory, sort).path(id);
  return sweeperOf<{ sort: (typeof sorts)[number]; id: string }>({
    list: () => sorts.flatMap((sort) => new Records(directory, sort).ids().map((id) => ({ sort, id }))),
    orphanOf: ({ sort, id }) => ({ kind: "record", what: pathOf(sort, id), why: `its ${sort} is gone` }),
    claims(wanted: readonly Resource[]) {
      const paths = new Set(wanted.flatMap(listed));
      return ({ sort, id }) => paths.has(pathOf(sort, id));
    },
    free(records) {
      for (const { sort, id } of records) new Records(directory, sort).remove(id);
    },
  });

  function listed(resource: Resource): readonly string[] {
    if (resource.kind === "docker-network") return [pathOf("network", resource.id)];
    return resource.kind === "docker-endpoint" ? [pathOf("endpoint", resource.id)] : [];
  }
}
