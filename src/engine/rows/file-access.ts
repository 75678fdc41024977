import type { ContainerRow, Processes, Store } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { isActive } from "./active-container.js";
import { refuseBusy } from "./refuse-busy.js";

interface AccessParts {
  readonly store: Pick<Store, "containers" | "transaction">;
  readonly processes: Processes;
}

/** Throws `conflict` where another process writes to the files of a container, or makes or removes them. */
export function refuseForeignAccess({ processes }: Pick<AccessParts, "processes">, row: ContainerRow): void {
  const { name } = row.container;
  refuseBusy(processes, row, { noun: "container", name, states: ["creating", "changing", "deleting"] });
}

/**
 * Notes that this process writes to the files of a container that does not run, so that no other starts or removes it meanwhile. Returns
 * its row. Throws `conflict` where another process does so. A row that is `changing` while its container does not run says nothing else.
 */
export function beginFileAccess({ store, processes }: AccessParts, id: string): ContainerRow {
  return store.transaction(() => {
    const row = store.containers.resolve(id);
    if (isActive(row.container)) return row;
    refuseForeignAccess({ processes }, row);
    const accessed: ContainerRow = { ...row, state: "changing", owner: processes.self() };
    store.containers.update(accessed);
    return accessed;
  });
}

export function endFileAccess({ store }: Pick<AccessParts, "store">, { id, owner }: ContainerRow): void {
  store.transaction(() => {
    const row = store.containers.get(id);
    if (row?.state === "changing" && sameOwner(row.owner, owner)) store.containers.update({ ...row, state: "ready" });
  });
}
