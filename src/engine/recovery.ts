import type { Container, ContainerRow } from "../api/index.js";
import { isActive } from "./active-container.js";
import type { Alterations } from "./alterations.js";
import { sameOwner } from "./host.js";
import type { Parts } from "./parts.js";
import type { Teardown } from "./teardown.js";

/**
 * Finishes what a dead process left: rows that were being made are undone, those that were being changed or removed are
 * changed or removed, and containers whose process ended unseen, and namespaces of others from before the last boot, give
 * back what they held. Costs a few indexed queries where there is nothing.
 */
export class Recovery {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly teardown: Teardown,
    private readonly alterations: Alterations,
  ) {}

  /** Goes on past failures, so that one stuck row does not keep the others, and throws the first one at the end. */
  async run(): Promise<void> {
    const { store, processes } = this.parts;
    const failures: unknown[] = [];
    const each = async <T>(rows: readonly T[], finish: (row: T) => Promise<unknown>): Promise<void> => {
      for (const row of rows) await finish(row).catch((error: unknown) => failures.push(error));
    };
    const orphans = <T extends Pick<ContainerRow, "owner">>(rows: readonly T[]): readonly T[] =>
      rows.filter(({ owner }) => !processes.isAlive(owner));
    await each(store.containers.active(), async (row) => {
      await this.endIfLeaving(row);
      await this.release(row.id);
    });
    // Who was to end a run may have died since.
    await each(orphans(store.containers.unfinished()), (row) =>
      isActive(row.container) ? this.release(row.id) : this.teardown.container(row),
    );
    await each(store.endpoints.ofOtherBoots(processes.self().bootId), (row) => this.teardown.endpoint(row));
    const endpoints = orphans(store.endpoints.unfinished());
    const isChanging = ({ state }: Pick<ContainerRow, "state">): boolean => state === "changing";
    // What goes makes room for what changes.
    await each(
      endpoints.filter((row) => !isChanging(row)),
      (row) => this.teardown.endpoint(row),
    );
    await each(endpoints.filter(isChanging), (row) => this.alterations.complete(row));
    await each(orphans(store.networks.unfinished()), (row) => this.teardown.network(row));
    if (failures.length > 0) throw failures[0];
  }

  /** Whoever asked for its removal may be dead, and who looks after it, in the foreground, knows of its end alone. */
  private async endIfLeaving({ id, state, container, owner }: ContainerRow): Promise<void> {
    if (state !== "deleting" || !container.attached || !this.processLives(container, owner)) return;
    await (await this.parts.runtime()).kill(id, "KILL");
  }

  /**
   * Releases a container whose run has ended, or was about to be; does nothing for one that lives or that somebody else looks after. Safe to
   * call from several processes at once: one of them does the work, and hears how the run ended.
   */
  async release(id: string): Promise<Container | undefined> {
    const { store, processes } = this.parts;
    // Every command asks this of every container, so that most of the time it must not keep writers waiting.
    const seen = store.containers.get(id);
    if (seen === undefined || !this.hasEnded(seen)) return undefined;
    const claimed = store.transaction(() => {
      const row = store.containers.get(id);
      if (row === undefined || !this.hasEnded(row)) return undefined;
      const mine: ContainerRow = {
        ...row,
        owner: processes.self(),
        container: { ...row.container, status: "stopping", attached: false },
      };
      store.containers.update(mine);
      return mine;
    });
    return claimed === undefined ? undefined : this.teardown.run(claimed);
  }

  private hasEnded({ state, container, owner }: ContainerRow): boolean {
    const { processes } = this.parts;
    const isMine = sameOwner(owner, processes.self());
    const isOrphan = !isMine && !processes.isAlive(owner);
    switch (container.status) {
      case "running":
        if (state === "deleting" && isOrphan) return true;
        if (container.attached && !isMine && !isOrphan) return false;
        return !this.processLives(container, owner);
      case "starting":
      case "stopping":
        return isOrphan;
      case "created":
      case "exited":
        return false;
    }
  }

  /** Whoever made it run did so in the same boot; pids and start times come again in the next. */
  private processLives({ pid, pidStart }: ContainerRow["container"], { bootId }: ContainerRow["owner"]): boolean {
    if (pid === undefined || pidStart === undefined || bootId !== this.parts.processes.self().bootId) return false;
    return this.parts.processes.isRunning({ pid, start: pidStart });
  }
}
