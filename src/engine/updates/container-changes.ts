import type { ContainerChanges as Changes, Container } from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { machineBounds } from "../host-facts/processors.js";
import { limitsOf } from "../plan/confinement.js";
import { checkLife } from "../requests/check-life.js";
import { checkLimits } from "../requests/check-limits.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { asSeen, isActive, lives } from "../rows/active-container.js";
import { busy } from "../rows/refuse-busy.js";
import { workerOf } from "../rows/worker.js";

/** What of a container can change while it runs. */
type Changeable = Pick<Container, "spec" | "paused">;

/**
 * Changes what the kernel holds of a running container: its limits, and whether its processes stand still. The row has the
 * values before and after the change until it is done; a process that dies in between has it undone.
 */
export class ContainerChanges {
  constructor(private readonly parts: Pick<Parts, "store" | "processes" | "runtime">) {}

  /** Stops all processes of a container where they are. */
  pause(ref: string): Promise<Container> {
    return this.change(ref, (row) => {
      const { name, spec, paused } = this.requireRunning(row);
      if (paused)
        throw wrongState(
          "TSD_CONTAINER_STATE",
          {
            message: `container "${name}" is paused already`,
            hint: `Let it go on: tsd unpause ${name}`,
          },
          row,
        );
      return { spec, paused: true };
    });
  }

  /** Lets them go on. */
  unpause(ref: string): Promise<Container> {
    return this.change(ref, (row) => {
      const { name, spec, paused } = this.requireRunning(row);
      if (!paused)
        throw wrongState(
          "TSD_CONTAINER_STATE",
          {
            message: `container "${name}" is not paused`,
            hint: "tsd ps shows which are.",
          },
          row,
        );
      return { spec, paused: false };
    });
  }

  /** Changes limits, at once where the container runs and for its next start, and when it starts again. */
  update(ref: string, changes: Changes): Promise<Container> {
    return this.change(ref, ({ container }) => {
      const spec = { ...container.spec, ...changes };
      checkLimits(limitsOf(spec), machineBounds());
      checkLife(spec);
      return { spec, paused: container.paused ?? false };
    });
  }

  /** Lets a paused container go on that was just sent a signal which is to end it, as docker does. */
  async wake({ id, container }: ContainerRow, signal: string): Promise<void> {
    const name = (text: string): string => text.toUpperCase().replace(/^SIG/, "");
    const ends = [container.stopSignal, "TERM", "15", "KILL", "9"].map(name).includes(name(signal));
    if (!container.paused || !ends) return;
    try {
      await this.change(id, ({ container: { spec } }) => ({ spec, paused: false }));
    } catch {
      // Where nothing can be written down, or another command is at it, it must end all the same.
      await (await this.parts.runtime()).thaw(id);
    }
  }

  /** Gives a container back what a change had begun to take. */
  async undo(row: ContainerRow): Promise<void> {
    const { before, container } = row;
    if (before === undefined) return;
    await this.apply(row, { before: container, after: before });
    this.finish(row, before);
  }

  private async change(ref: string, plan: (row: ContainerRow) => Changeable): Promise<Container> {
    const { store, processes } = this.parts;
    const row = store.transaction(() => {
      const found = store.containers.resolve(ref);
      if (found.state !== "ready") throw this.refuse(found);
      const { spec, status, paused = false } = found.container;
      if (status === "starting" || status === "stopping") throw this.refuse(found, status);
      const changing: ContainerRow = {
        ...found,
        state: "changing",
        before: { spec, paused, by: processes.self() },
        container: { ...found.container, ...plan(found) },
      };
      store.containers.update(changing);
      return changing;
    });
    const { before = row.container } = row;
    await undoOnFailure(
      () => this.apply(row, { before, after: row.container }),
      () => this.undo(row),
    );
    return this.finish(row, row.container);
  }

  /** Does nothing for a container that has ended. */
  private async apply(
    row: ContainerRow,
    { before, after }: { readonly before: Changeable; readonly after: Changeable },
  ): Promise<void> {
    const { processes } = this.parts;
    if (!isActive(row.container) || !lives(processes, row)) return;
    const runtime = await this.parts.runtime();
    try {
      if (before.spec !== after.spec) await runtime.limit(row.id, limitsOf(before.spec), limitsOf(after.spec));
      if (after.paused && !before.paused) await runtime.freeze(row.id);
      if (before.paused && !after.paused) await runtime.thaw(row.id);
    } catch (error) {
      if (lives(processes, row)) throw error;
    }
  }

  /** Another command may have marked it for removal meanwhile, or its run may have ended. */
  private finish(changed: ContainerRow, { spec, paused }: Changeable): Container {
    const { store } = this.parts;
    return store.transaction(() => {
      const row = store.containers.get(changed.id);
      if (row === undefined) return changed.container;
      const { before, ...rest } = row;
      if (before === undefined || changed.before === undefined || !sameOwner(before.by, changed.before.by))
        return row.container;
      const { paused: _paused, ...container } = row.container;
      const stands = paused === true && container.status === "running";
      const finished: ContainerRow = {
        ...rest,
        state: row.state === "changing" ? "ready" : row.state,
        container: { ...container, spec, ...(stands ? { paused } : {}) },
      };
      store.containers.update(finished);
      return finished.container;
    });
  }

  private requireRunning(row: ContainerRow): Container {
    const container = asSeen(this.parts.processes, row);
    const { name, status } = container;
    if (status === "running") return container;
    throw wrongState(
      "TSD_CONTAINER_NOT_RUNNING",
      {
        message: `container "${name}" is not running, but ${status}`,
        hint: `Start it: tsd start ${name}`,
      },
      row,
    );
  }

  private refuse(row: ContainerRow, status?: "starting" | "stopping"): TsdError {
    const called = `container "${row.container.name}"`;
    const participle = status === undefined ? {} : { participle: status === "starting" ? "started" : "stopped" };
    return busy({ ...row, owner: workerOf(row) }, { noun: "container", called, ...participle });
  }
}

function wrongState(
  code: string,
  words: { readonly message: string; readonly hint: string },
  { id, container: { status } }: ContainerRow,
): TsdError {
  return new TsdError({ kind: "conflict", code, ...words, details: { container: id, status } });
}
