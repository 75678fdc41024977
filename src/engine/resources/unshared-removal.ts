import type { Resource } from "../../api/index.js";
import type { Applier, Parts } from "../contracts/parts.js";
import { ownResources } from "./shared-resources.js";

export interface Surplus {
  /** Of the row that lists them. */
  readonly id: string;
  readonly resources: readonly Resource[];
  /** Another process began to take them away, perhaps some that a row has come to share since. */
  readonly isDoubtful: boolean;
}

/**
 * Takes away what no other row lists. `settle` writes down that it is done, in the transaction that has seen that nothing is
 * left that no other row lists, and nothing is missing that another has come to share meanwhile.
 */
export async function removeUnshared(
  { store, applier }: Pick<Parts, "store"> & { readonly applier: Pick<Applier, "ensure" | "remove"> },
  { id, resources, isDoubtful }: Surplus,
  settle: () => void,
): Promise<void> {
  const removed = new Set<Resource>();
  for (let isFirst = true; ; isFirst = false) {
    const { surplus, lacking } = store.transaction(() => {
      const own = ownResources(store, id, resources);
      const suspects = isFirst && isDoubtful ? resources : [...removed];
      const differences = {
        surplus: own.filter((resource) => !removed.has(resource)),
        lacking: suspects.filter((resource) => !own.includes(resource)),
      };
      if (differences.surplus.length === 0 && differences.lacking.length === 0) settle();
      return differences;
    });
    if (surplus.length === 0 && lacking.length === 0) return;
    await applier.remove(surplus);
    for (const resource of surplus) removed.add(resource);
    await applier.ensure(lacking);
    for (const resource of lacking) removed.delete(resource);
  }
}
