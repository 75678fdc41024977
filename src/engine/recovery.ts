import type { Container, ContainerRow } from "../api/index.js";
import { sameOwner } from "./host.js";
import type { Parts } from "./parts.js";
import type { Teardown } from "./teardown.js";

/**
 * Finishes what a dead process left: rows that were being made are undone, rows that were being removed are removed, and
 * containers whose process ended unseen give back what they held. Costs a few indexed queries where there is nothing.
 */
export class Recovery {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes">,
    private readonly teardown: Teardown,
  ) {}

  async run(): Promise<void> {
    const { store } = this.parts;
    for (const { id } of store.containers.active()) await this.release(id);
    for (const row of store.containers.unfinished()) if (this.isOrphan(row)) await this.teardown.container(row);
    for (const row of store.endpoints.unfinished()) if (this.isOrphan(row)) await this.teardown.endpoint(row);
    for (const row of store.networks.unfinished()) if (this.isOrphan(row)) await this.teardown.network(row);
  }

  /**
   * Releases a container whose run has ended; does nothing for one that lives or that somebody else looks after. Safe to
   * call from several processes at once: one of them does the work, and hears how the run ended.
   */
  async release(id: string): Promise<Container | undefined> {
    const { store, processes } = this.parts;
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

  private hasEnded({ container, owner }: ContainerRow): boolean {
    const { processes } = this.parts;
    const isMine = sameOwner(owner, processes.self());
    switch (container.status) {
      case "running":
        if (container.attached && !isMine && processes.isAlive(owner)) return false;
        return !this.processLives(container);
      case "starting":
      case "stopping":
        return !isMine && !processes.isAlive(owner);
      case "created":
      case "exited":
        return false;
    }
  }

  private processLives({ pid, pidStart }: ContainerRow["container"]): boolean {
    if (pid === undefined || pidStart === undefined) return false;
    return this.parts.processes.isRunning({ pid, start: pidStart });
  }

  private isOrphan({ owner }: { owner: ContainerRow["owner"] }): boolean {
    return !this.parts.processes.isAlive(owner);
  }
}
