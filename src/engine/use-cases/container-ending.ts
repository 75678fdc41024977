import type { Container } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import { runOf } from "../rows/active-container.js";
import { noteEvents } from "../rows/note-event.js";
import type { ContainerChanges } from "../updates/container-changes.js";

interface EndingLife {
  readonly containerExit: Pick<ContainerExit, "attended" | "settle">;
  readonly changes: Pick<ContainerChanges, "wake">;
}

/** Ends the run of a container by signals. */
export class ContainerEnding {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly life: EndingLife,
  ) {}

  /** Kills it, and returns once what it held is released. */
  kill(container: Container): Promise<void> {
    return this.life.containerExit.attended(container, async () => {
      await this.signal(container, "KILL");
      await this.life.containerExit.settle(container);
    });
  }

  /** To that run of the container, and no later one. */
  async signal({ id, name, pid, pidStart }: Container, signal: string): Promise<void> {
    const { store, processes } = this.parts;
    const row = store.containers.get(id);
    if (row === undefined || row.container.pid !== pid || row.container.pidStart !== pidStart) return;
    const number = await (await this.parts.runtime()).kill(runOf(processes, row), signal);
    noteEvents(store, { kind: "container", id, name, action: "kill", attributes: { signal: `${number}` } });
    await this.life.changes.wake(row, signal);
  }
}
