import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../../api/index.js";
import { monotonicTime } from "../../contracts/clock.js";
import type { ContainerRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { asSeen, isActive } from "../rows/active-container.js";
import { nextChange } from "../rows/next-change.js";
import { busy } from "../rows/refuse-busy.js";
import type { Recovery } from "./recovery.js";

/** The exit of containers: waiting for it, and releasing what they held, whichever process supervises them. */
export class ContainerExit {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime" | "warn">,
    private readonly recovery: Recovery,
  ) {}

  /** As {@link Recovery.release}. */
  release(id: string): Promise<Container | undefined> {
    return this.recovery.release(id);
  }

  /** As {@link Recovery.endRun}. */
  endRun(id: string): Promise<Container | undefined> {
    return this.recovery.endRun(id);
  }

  /**
   * Does what ends a container, and releases it, so that its supervisor starts no second process for that. One that waits for
   * it in the foreground goes on to see to its end.
   */
  async attended(container: Container, end: () => Promise<void>): Promise<void> {
    if (container.attached) return end();
    const runtime = await this.parts.runtime();
    runtime.attend(container.id);
    try {
      await end();
    } catch (error) {
      runtime.leave(container.id);
      // It may have ended while its supervisor relied on this process.
      await this.release(container.id).catch(() => undefined);
      throw error;
    }
  }

  /** Gives up a container that this process waited for in the foreground: its supervisor sees to its end from now on. */
  async handOver({ id, pid, pidStart }: Container): Promise<void> {
    const { store } = this.parts;
    store.unsyncedTransaction(() => {
      const row = store.containers.get(id);
      if (row === undefined || !row.container.attached || row.container.status !== "running") return;
      if (row.container.pid !== pid || row.container.pidStart !== pidStart) return;
      store.containers.update({ ...row, container: { ...row.container, attached: false } });
    });
    (await this.parts.runtime()).leave(id);
    // It may have ended while its supervisor relied on this process.
    await this.release(id);
  }

  /** As {@link Recovery.handOverRestart}. */
  handOverRestart(id: string): Promise<boolean> {
    return this.recovery.handOverRestart(id);
  }

  /** The container, once no other command is about to start it: until then it has no process that could be killed. */
  async whenStarted(container: Container): Promise<Container> {
    const { store, processes } = this.parts;
    const deadline = monotonicTime() + patience;
    for (;;) {
      const row = store.containers.get(container.id);
      if (row === undefined) return container;
      if (row.container.status !== "starting" || !processes.isAlive(row.owner)) return row.container;
      if (monotonicTime() > deadline) throw starting(row);
      await sleep(5);
    }
  }

  /** The container, once everything is released that a run held whose process is gone. */
  async whenReleased(ref: string): Promise<Container> {
    const { store, processes } = this.parts;
    const row = store.containers.resolve(ref);
    if (isActive(row.container) && !isActive(asSeen(processes, row))) await this.settle(row.container);
    return this.find(row.id) ?? row.container;
  }

  /** True once the container's process is gone; false if it still lives after so many milliseconds. */
  async hasGone({ pid, pidStart }: Container, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
    const deadline = monotonicTime() + milliseconds;
    while (pid !== undefined && this.parts.processes.isRunning({ pid, start: pidStart ?? 0 })) {
      if (monotonicTime() > deadline) return false;
      signal?.throwIfAborted();
      await sleep(2);
    }
    return true;
  }

  /**
   * Returns once a dying container has released everything, by this process or another, or another command has restarted it.
   * Where nothing can be written down, nothing is given back, and that it ended is all that can be had: warns of it.
   */
  async settle(container: Container): Promise<void> {
    const { store, warn } = this.parts;
    try {
      await this.giveBack(container);
    } catch (error) {
      if (store.unwritable === undefined || !TsdError.is(error) || !(await this.hasGone(container, 0))) throw error;
      warn(
        `container "${container.name}" has ended; what it held is given back by the next command that can write: ${error.message}`,
      );
    }
  }

  private async giveBack(container: Container): Promise<void> {
    const deadline = monotonicTime() + patience;
    const ofSameRun = (): boolean => {
      const now = this.find(container.id);
      return now !== undefined && isActive(now) && now.pid === container.pid && now.pidStart === container.pidStart;
    };
    while (ofSameRun()) {
      if (monotonicTime() > deadline) throw await this.whyItLasts(container);
      await this.release(container.id);
      await sleep(2);
    }
  }

  /** Its process lives on, or another command takes its time to give back what it held. */
  private async whyItLasts(container: Container): Promise<TsdError> {
    const row = this.parts.store.containers.get(container.id);
    if (row === undefined || !(await this.hasGone(container, 0))) return stuck(container);
    return busy(row, { noun: "container", called: `container "${container.name}"`, participle: "stopped" });
  }

  /** The code of the present run once it has ended, else of the last one. Throws `conflict` for one that never ran. */
  async exitCode(container: Container, signal?: AbortSignal): Promise<number> {
    const runtime = await this.parts.runtime();
    let code = container.exitCode;
    const hasEndedAgain = ({ status, restartCount = 0 }: Container): boolean =>
      restartCount > (container.restartCount ?? 0) && (status === "restarting" || status === "starting");
    let run = container.pid;
    const begun = monotonicTime();
    for (;;) {
      const since = this.parts.store.revision();
      const row = this.find(container.id);
      if (row === undefined || !isActive(row)) break;
      signal?.throwIfAborted();
      // A command that waits for a container which starts again waits for the end of one run.
      if (hasEndedAgain(row)) break;
      run ??= row.pid;
      if (row.pid !== undefined && row.pid !== run) break;
      const noted = row.status === "stopping" ? row.exitCode : undefined;
      code = noted ?? runtime.exit(container.id)?.code ?? code;
      // Its supervisor may have been killed too.
      if (await this.hasGone(row, 0)) await this.release(row.id);
      // The longer it has run, the less it matters when its end is seen.
      const patience = Math.min(SELDOMEST, Math.max(OFTENEST, (monotonicTime() - begun) / 20));
      await nextChange(this.parts.store, { since, signal, patience });
    }
    code = this.find(container.id)?.exitCode ?? code ?? this.parts.store.changes.exitCode(container.id);
    if (code !== undefined) return code;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CONTAINER_NEVER_RAN",
      message: `container "${container.name}" has not run, so it has no exit code`,
      hint: `Start it: tsd start ${container.name}`,
      details: { container: container.id },
    });
  }

  private find(id: string): Container | undefined {
    return this.parts.store.containers.get(id)?.container;
  }
}

/** Milliseconds between two looks whether a process has ended that a command waits for. */
const OFTENEST = 10;
const SELDOMEST = 100;

/** Milliseconds to wait for another command, or for a process that was killed. */
const patience = 30_000;

function starting(row: ContainerRow): TsdError {
  return busy(row, { noun: "container", called: `container "${row.container.name}"`, participle: "started" });
}

function stuck({ id, name, pid }: Container): TsdError {
  return new TsdError({
    kind: "runtime",
    code: "TSD_CONTAINER_STUCK",
    message: `container "${name}" did not end within 30 seconds of being killed (process ${pid ?? "unknown"})`,
    hint: `See what its process waits for: cat /proc/${pid ?? "PID"}/stack`,
    details: { container: id, pid },
  });
}
