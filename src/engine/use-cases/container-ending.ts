import type { Container } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import { runOf } from "../rows/active-container.js";

/** Ends the run of a container by signals. */
export class ContainerEnding {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly containerExit: Pick<ContainerExit, "attended" | "settle">,
  ) {}

  /** Kills it, and returns once what it held is released. */
  kill(container: Container): Promise<void> {
    return this.containerExit.attended(container, async () => {
      await this.signal(container, "KILL");
      await this.containerExit.settle(container);
    });
  }

  /** To that run of the container, and no later one. */
  async signal({ id, pid, pidStart }: Container, signal: string): Promise<void> {
    const { store, processes } = this.parts;
    const row = store.containers.get(id);
    if (row === undefined || row.container.pid !== pid || row.container.pidStart !== pidStart) return;
    await (await this.parts.runtime()).kill(runOf(processes, row), signal);
  }
}
