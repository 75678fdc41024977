import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../../api/index.js";
import type { ContainerRow, Owner } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { Parts } from "../contracts/parts.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import { withoutRestarts } from "../rows/restart-policy.js";
import type { Caller, ContainerStarter, Started } from "./container-starter.js";
import { failedRow, hasSandboxAlone } from "./restart-rows.js";
import type { Teardown } from "./teardown.js";

/** Milliseconds between two looks whether another command has taken the container over. */
const LOOK = 200;

/** Of a container that could not be started, as docker has it. */
const NOT_STARTED = 128;

/**
 * Starts containers again whose restart policy says so. The process that owns a row which is `restarting` waits and starts it: the
 * exit command, or a command in the foreground. A row whose owner is dead gets another exit command by the next command. A
 * command that stops, removes or starts the container takes the row over, and the process that waited ends.
 */
export class Restarter {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "runtime">,
    private readonly starter: Pick<ContainerStarter, "startAgain">,
    private readonly teardown: Pick<Teardown, "run">,
  ) {}

  /**
   * Waits, and starts the container; tries again as its policy says. Undefined where it does not start, another sees to it, or the
   * caller leaves it.
   */
  async restart(id: string, caller?: Caller): Promise<Started | undefined> {
    this.claim(id, (owner) => !this.parts.processes.isAlive(owner));
    for (;;) {
      if (!(await this.hasWaited(id, caller?.leaving.signal))) return undefined;
      const begun = this.begin(id, caller !== undefined);
      const started = begun && (await this.tryStart(begun, caller));
      if (started !== undefined) return started;
    }
  }

  /** Starts one at once that waits, as a user who starts it. Undefined where it does not wait. */
  async startNow(id: string, caller?: Caller): Promise<Started | undefined> {
    const { store } = this.parts;
    if (this.claim(id, () => true) === undefined) return undefined;
    const row = store.transaction(() => {
      const begun = this.begin(id, caller !== undefined);
      if (begun === undefined) return undefined;
      const asked: ContainerRow = { ...begun, container: withoutRestarts(begun.container) };
      store.containers.update(asked);
      return asked;
    });
    if (row === undefined) return undefined;
    return undoOnFailure(
      () => this.starter.startAgain(row, hasSandboxAlone(store, row), caller),
      () => this.teardown.run(row),
    );
  }

  /** Ends one for good that waits. Undefined where it does not wait. */
  async cancel(id: string): Promise<Container | undefined> {
    const { store } = this.parts;
    const cancelled = store.transaction(() => {
      const row = this.claim(id, () => true);
      if (row === undefined) return undefined;
      const stopping: ContainerRow = { ...row, container: { ...row.container, status: "stopping", attached: false } };
      store.containers.update(stopping);
      return stopping;
    });
    return cancelled === undefined ? undefined : this.teardown.run(cancelled);
  }

  /** Makes a row that is `restarting` this process's. */
  private claim(id: string, isFree: (owner: Owner) => boolean): ContainerRow | undefined {
    const { store, processes } = this.parts;
    if (store.containers.get(id)?.container.status !== "restarting") return undefined;
    return store.unsyncedTransaction(() => {
      const row = store.containers.get(id);
      if (row?.container.status !== "restarting" || !isLasting(row)) return undefined;
      if (!sameOwner(row.owner, processes.self()) && !isFree(row.owner)) return undefined;
      const claimed: ContainerRow = { ...row, owner: processes.self() };
      store.containers.update(claimed);
      return claimed;
    });
  }

  /** False once the row is no longer this process's, or the caller leaves the container. */
  private async hasWaited(id: string, leave: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      const row = this.own(id);
      if (row === undefined || leave?.aborted) return false;
      const rest = Date.parse(row.container.restartAt ?? "") - Date.now();
      // A clock that was set back makes no wait longer than the policy says.
      const isDue = !(rest > 0) || rest > (row.container.restartDelay ?? 0);
      if (isDue && row.state === "ready") return true;
      await sleep(isDue ? LOOK : Math.min(rest, LOOK));
    }
  }

  private own(id: string): ContainerRow | undefined {
    const { store, processes } = this.parts;
    const row = store.containers.get(id);
    const isOwn = row?.container.status === "restarting" && sameOwner(row.owner, processes.self());
    return isOwn && isLasting(row) && row.container.stoppedByUser !== true ? row : undefined;
  }

  /** The row as `starting`. From here on other commands wait for this one, as for every start. */
  private begin(id: string, attached: boolean): ContainerRow | undefined {
    const { store } = this.parts;
    return store.unsyncedTransaction(() => {
      const row = this.own(id);
      if (row?.state !== "ready") return undefined;
      const starting: ContainerRow = { ...row, container: { ...row.container, attached, status: "starting" } };
      store.containers.update(starting);
      return starting;
    });
  }

  /** Undefined where it failed, and the container waits again. Throws what failed where no other try follows. */
  private async tryStart(row: ContainerRow, caller: Caller | undefined): Promise<Started | undefined> {
    const { store } = this.parts;
    try {
      return await this.starter.startAgain(row, hasSandboxAlone(store, row), caller);
    } catch (error) {
      const exit = { code: NOT_STARTED, at: new Date().toISOString() };
      const why = String((error as { readonly message?: unknown }).message ?? error);
      const failed = store.unsyncedTransaction(() => {
        const ended = failedRow(store.containers.resolve(row.id), exit, why);
        store.containers.update(ended.row);
        return ended;
      });
      if (!failed.isLast) return undefined;
      await this.teardown.run(failed.row);
      throw error;
    }
  }
}

/** One that a command changes is waited for; one that is removed is not. */
function isLasting({ state }: ContainerRow): boolean {
  return state === "ready" || state === "changing";
}
