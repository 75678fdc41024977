import type { ContainerOutline, ContainerRow, Owner, Row, Table } from "../../contracts/index.js";
import { nobody, sameOwner } from "../../contracts/processes.js";
import type { Parts } from "../contracts/parts.js";
import { workerOf } from "../rows/worker.js";

/**
 * Leaves to all other processes what this session could not finish, at its end: its process may live on, and other processes see no
 * sessions of it.
 */
export function disown({ store, processes }: Pick<Parts, "store" | "processes">): void {
  const self = processes.self();
  const isOwn = (owner: Owner): boolean => sameOwner(owner, self);
  const worker = nobody(self.bootId);
  const { containers, endpoints, networks, volumes, peers } = store;
  const leave = <T extends Row | ContainerRow>(table: Table<T>, rows: readonly T[]): void => {
    const own = rows.filter((row) => isOwn(workerOf(row)));
    if (own.length === 0) return;
    store.transaction(() => {
      for (const { id } of own) {
        const row = table.get(id);
        if (row !== undefined && isOwn(workerOf(row))) table.update(ofWorker(row, worker));
      }
    });
  };
  leave(containers, [
    ...containers.unfinished(),
    ...runs(containers.activeOutlines()).flatMap(({ id }) => containers.get(id) ?? []),
  ]);
  leave(endpoints, endpoints.unfinished());
  leave(networks, networks.unfinished());
  leave(volumes, volumes.unfinished());
  leave(peers, peers.unfinished());
}

/** Those that the process which started them sees to. */
function runs(active: readonly ContainerOutline[]): readonly ContainerOutline[] {
  return active.filter(({ container: { status, attached } }) => attached === true || status !== "running");
}

function ofWorker<T extends Row | ContainerRow>(row: T, worker: Owner): T {
  const before = "before" in row ? row.before : undefined;
  const isChanged = row.state === "changing" && before !== undefined;
  if (isChanged) return { ...row, before: { ...before, by: worker } };
  // What is postponed stays so under its new owner.
  const { postponed, owner } = row;
  const isPostponed = postponed !== undefined && sameOwner(postponed.by, owner);
  return { ...row, owner: worker, ...(isPostponed ? { postponed: { ...postponed, by: worker } } : {}) };
}
