import type { Container, StopOptions } from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { isActive, runOf } from "../rows/active-container.js";
import { noteEvents } from "../rows/note-event.js";
import type { ContainerChanges } from "../updates/container-changes.js";
import type { ContainerExit } from "./container-exit.js";
import type { Restarter } from "./restarter.js";

/** Seconds between the stop signal and SIGKILL, as docker's. */
const defaultStopTimeout = 10;

/** What people end a program with. A restart policy respects these, and the container's own stop signal. */
const endingSignals = new Set(["KILL", "9", "TERM", "15", "INT", "2", "QUIT", "3"]);

/** Whether its restart policy, or what waits already, would start it once it has ended. */
function startsAgain({ container: { spec, status } }: ContainerRow): boolean {
  return status === "restarting" || (spec.restart !== undefined && spec.restart.name !== "no");
}

/** How a user ends a container: by signals, and for good whatever its restart policy says. */
export class ContainerEnding {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly containerExit: ContainerExit,
    private readonly others: {
      readonly restarter: Pick<Restarter, "cancel">;
      readonly changes: Pick<ContainerChanges, "wake">;
    },
  ) {}

  /** Sends the stop signal, then after a time SIGKILL; returns once all it held is released. */
  async stop(known: Container, options: StopOptions): Promise<Container> {
    const container = await this.containerExit.whenStarted(known);
    if (!isActive(container)) return container;
    if (this.forgoRestarts(container.id)?.container.status === "restarting") {
      const cancelled = await this.others.restarter.cancel(container.id);
      // It starts at this moment.
      if (cancelled === undefined) return this.stop(container, options);
      this.noteStop(container);
      return cancelled;
    }
    const { timeout, stopSignal, signal } = options;
    const seconds = timeout ?? container.spec.stopTimeout ?? defaultStopTimeout;
    const patience = seconds < 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
    await this.containerExit.attended(container, async () => {
      await this.signal(container, stopSignal ?? container.stopSignal);
      if (!(await this.containerExit.hasGone(container, patience, signal))) await this.signal(container, "KILL");
      await this.containerExit.settle(container);
    });
    this.noteStop(container);
    return container;
  }

  /** For one that runs, or waits for its restart: that one is released where the signal is one that ends it. */
  async kill(container: Container, signal: string): Promise<Container> {
    const name = signal.toUpperCase().replace(/^SIG/, "");
    const ends = endingSignals.has(name) || name === container.stopSignal.toUpperCase().replace(/^SIG/, "");
    const row = ends ? this.forgoRestarts(container.id) : this.parts.store.containers.get(container.id);
    if (row?.container.status === "restarting") {
      if (ends) await this.others.restarter.cancel(container.id);
      return container;
    }
    if (name === "KILL" || name === "9") await this.end(container);
    else await this.signal(container, signal);
    return container;
  }

  /** Kills it, and returns once what it held is released. */
  end(container: Container): Promise<void> {
    return this.containerExit.attended(container, async () => {
      await this.signal(container, "KILL");
      await this.containerExit.settle(container);
    });
  }

  /**
   * Writes down that a user ends one that would be started again, before the signal: its end may be seen by another process. Returns
   * the row. Where nothing can be written, nothing can be started again either, and it may be what fills the disk.
   */
  private forgoRestarts(id: string): ContainerRow | undefined {
    const { store } = this.parts;
    const found = store.containers.get(id);
    if (found === undefined || !startsAgain(found) || store.unwritable !== undefined) return found;
    try {
      return store.unsyncedTransaction(() => {
        const row = store.containers.get(id);
        if (row === undefined || row.container.stoppedByUser) return row;
        const stopped: ContainerRow = { ...row, container: { ...row.container, stoppedByUser: true } };
        store.containers.update(stopped);
        return stopped;
      });
    } catch (error) {
      if (!TsdError.is(error, "store")) throw error;
      return store.containers.get(id);
    }
  }

  /** To that run of the container, and no later one. */
  private async signal({ id, name, pid, pidStart }: Container, signal: string): Promise<void> {
    const { store, processes } = this.parts;
    const row = store.containers.get(id);
    if (row === undefined || row.container.pid !== pid || row.container.pidStart !== pidStart) return;
    const number = await (await this.parts.runtime()).kill(runOf(processes, row), signal);
    noteEvents(store, { kind: "container", id, name, action: "kill", attributes: { signal: `${number}` } });
    await this.others.changes.wake(row, signal);
  }

  private noteStop({ id, name }: Container): void {
    noteEvents(this.parts.store, { kind: "container", id, name, action: "stop" });
  }
}
