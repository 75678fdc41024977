import type { Container } from "../../api/index.js";
import type { ContainerRow, Store } from "../../contracts/index.js";
import { requestsOf } from "../requests/container-requests.js";
import { isActive } from "../rows/active-container.js";
import { startsAtBoot } from "../rows/restart-policy.js";

/** See {@link Containers.toStartAtBoot}. Where containers need each other in a circle, the oldest is first. */
export function toStartAtBoot(store: Store): readonly Container[] {
  const rows = store.containers.list().filter(({ state, container }) => {
    return state === "ready" && !isActive(container) && startsAtBoot(container);
  });
  const chosen = new Map(rows.map((row) => [row.id, row]));
  const ordered = new Set<ContainerRow>();
  const seen = new Set<string>();
  const visit = (row: ContainerRow): void => {
    if (seen.has(row.id)) return;
    seen.add(row.id);
    for (const needed of neededBy(store, row)) {
      const other = chosen.get(needed);
      if (other !== undefined) visit(other);
    }
    ordered.add(row);
  };
  for (const row of rows) visit(row);
  return [...ordered].map(({ container }) => container);
}

/** The ids of containers that must run before it can start. */
function neededBy(store: Store, row: ContainerRow): readonly string[] {
  const { networks = [] } = row.container.spec;
  const joined = networks.flatMap(({ network }) => /^container:(.+)$/.exec(network)?.[1] ?? []);
  const refs = [...joined, ...requestsOf(row).links.map(({ ref }) => ref)];
  return refs.flatMap((ref) => idOf(store, ref));
}

/** One that is gone keeps nothing from being put in order; its user hears of it at the start. */
function idOf(store: Store, ref: string): readonly string[] {
  try {
    return [store.containers.resolve(ref).id];
  } catch {
    return [];
  }
}
