import type { Container } from "../../api/index.js";
import { type Hasten, inHaste, sharedHaste } from "../../contracts/haste.js";
import type { ContainerOutline, ContainerRow, EndpointRow, Row, Table } from "../../contracts/index.js";
import { nobody, sameOwner } from "../../contracts/processes.js";
import { joinFailures } from "../../errors/join-failures.js";
import type { Notes } from "../cluster/notes.js";
import type { Parts } from "../contracts/parts.js";
import type { Debts } from "../ipam/debts.js";
import { isActive, lives, runOf } from "../rows/active-container.js";
import { endFileAccess } from "../rows/file-access.js";
import { workerOf } from "../rows/worker.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { ContainerChanges } from "../updates/container-changes.js";
import type { EndpointUpdates } from "../updates/endpoint-updates.js";
import type { Peers } from "../updates/peers.js";
import { Postponements } from "./postponements.js";
import type { Teardown } from "./teardown.js";
import { recoverVolume } from "./volume-removal.js";

/**
 * Finishes what a dead process left: rows that were being made are undone, those that were being changed or removed are
 * changed or removed, and containers whose process ended unseen, and namespaces of others from before the last boot, give
 * back what they held. Costs a few indexed queries where there is nothing. What a plug-in keeps it from finishing waits for a
 * while, or for a command that is about it.
 */
export class Recovery {
  private readonly postponements: Postponements;

  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "applier" | "runtime" | "warn">,
    private readonly teardown: Teardown,
    private readonly changes: {
      readonly endpointUpdates: Pick<EndpointUpdates, "complete">;
      readonly adaptations: Pick<Adaptations, "complete">;
      readonly containerChanges: Pick<ContainerChanges, "undo">;
      readonly debts: Pick<Debts, "recover">;
      readonly notes: Pick<Notes, "recover">;
      readonly peers: Pick<Peers, "complete">;
    },
  ) {
    this.postponements = new Postponements(parts);
  }

  /**
   * For a command about anything: in haste, and without what is postponed. Goes on past failures, so that one stuck row does
   * not keep the others, and throws them all at the end.
   */
  async run(): Promise<void> {
    const hasten = sharedHaste();
    const failures = await this.finish((row) => this.postponements.isDue(row), hasten);
    await this.changes.debts.recover(hasten);
    await this.changes.notes.recover(hasten);
    if (failures.length > 0) throw joinFailures(failures);
  }

  /** For a command about networks or containers with these ids: what is postponed of theirs, in haste. */
  async about(...ids: readonly string[]): Promise<void> {
    if (!this.postponements.areThere) return;
    await inHaste(() => this.retry((row) => subjectsOf(row).some((id) => ids.includes(id))));
  }

  /**
   * Finishes what was postponed when this process looked. What still cannot be finished is told, and keeps no command from its
   * work.
   */
  async retry(isMeant: (row: Row) => boolean = () => true): Promise<void> {
    if (!this.postponements.areThere) return;
    const failures = await this.finish((row) => this.postponements.isPostponed(row) && isMeant(row));
    if (failures.length === 0) return;
    const { message } = joinFailures(failures) as Error;
    this.parts.warn(`what a dead process left half-done cannot be finished: ${message}`);
  }

  /** Returns what failed. What there is to do is done by `hasten`. */
  private async finish(
    isWanted: (row: Row) => boolean,
    hasten: Hasten = (work) => work(),
  ): Promise<readonly unknown[]> {
    const { store, processes } = this.parts;
    const failures: unknown[] = [];
    const together = async <T extends Row>(
      table: Table<T>,
      rows: readonly T[],
      finish: (rows: readonly T[]) => Promise<unknown>,
    ): Promise<void> => {
      const wanted = rows.filter(isWanted);
      if (wanted.length === 0) return;
      try {
        await hasten(() => finish(wanted));
      } catch (error) {
        failures.push(error);
        await this.postponements.note(table, wanted, error);
      }
    };
    const each = async <T extends Row>(table: Table<T>, rows: readonly T[], finish: (row: T) => Promise<unknown>) => {
      for (const row of rows) await together(table, [row], () => finish(row));
    };
    const isChanging = ({ state }: Pick<ContainerRow, "state">): boolean => state === "changing";
    const abandoned = <T extends Row>(rows: readonly T[]): readonly T[] =>
      rows.filter((row) => !processes.isAlive(workerOf(row)));
    const active = store.containers.activeOutlines();
    const ended = this.ended(active);
    await each(store.containers, ended, async (row) => {
      if (this.mustEnd(row)) await (await this.parts.runtime()).kill(runOf(processes, row), "KILL");
      if (!(await this.isSeenTo(row))) await this.release(row.id);
    });
    const waiting = this.forsaken(ended.length === 0 ? active : store.containers.activeOutlines());
    for (const { id } of waiting) await hasten(async () => (await this.parts.runtime()).callExitCommand(id));
    // The process that was stopping this container may have died in the meantime.
    await each(store.containers, abandoned(store.containers.unfinished()), async (row) => {
      if (row.before !== undefined) await this.changes.containerChanges.undo(row);
      else if (isActive(row.container)) await this.release(row.id);
      else await this.finishStopped(row);
    });
    await each(store.endpoints, store.endpoints.ofOtherBoots(processes.self().bootId), (row) =>
      this.teardown.endpoints(row),
    );
    const endpoints = abandoned(store.endpoints.unfinished());
    // Remove endpoints first: this frees the ports and addresses that updates may need.
    await each(
      store.endpoints,
      endpoints.filter((row) => !isChanging(row)),
      (row) => this.teardown.endpoints(row),
    );
    await together(store.endpoints, endpoints.filter(isChanging), (rows) =>
      this.changes.endpointUpdates.complete(...rows),
    );
    await each(store.networks, abandoned(store.networks.unfinished()), (row) =>
      isChanging(row) ? this.changes.adaptations.complete(row) : this.teardown.network(row),
    );
    await together(store.peers, abandoned(store.peers.unfinished()), (rows) => this.changes.peers.complete(rows));
    await each(store.volumes, abandoned(store.volumes.unfinished()), (row) => recoverVolume(this.parts, row));
    return failures;
  }

  /** One whose files were copied stays as it is; others were to be made, or to go. */
  private async finishStopped(row: ContainerRow): Promise<void> {
    if (row.state === "changing") endFileAccess(this.parts, row);
    else await this.teardown.container(row);
  }

  /** Whether {@link Recovery.run} has anything to do; what IPAM drivers hold waits for a change. Writes nothing. */
  async isNeeded(): Promise<boolean> {
    const { store, processes } = this.parts;
    const isDue = (row: Row): boolean => this.postponements.isDue(row);
    const tables = [store.containers, store.endpoints, store.networks, store.volumes, store.peers];
    const unfinished: readonly Row[] = tables.flatMap((table) => [...table.unfinished()]);
    if (unfinished.some((row) => !processes.isAlive(workerOf(row)) && isDue(row))) return true;
    if (store.endpoints.ofOtherBoots(processes.self().bootId).some(isDue)) return true;
    const active = store.containers.activeOutlines();
    if (this.forsaken(active).length > 0) return true;
    for (const row of this.ended(active).filter(isDue))
      if (this.mustEnd(row) || !(await this.isSeenTo(row))) return true;
    return false;
  }

  /** Those of the active containers whose run is over or to be ended. There may be very many that are not. */
  private ended(active: readonly ContainerOutline[]): readonly ContainerRow[] {
    const { containers } = this.parts.store;
    const found = active.filter((outline) => this.mustEnd(outline) || this.hasEnded(outline));
    return found.flatMap(({ id }) => containers.get(id) ?? []);
  }

  /**
   * The process that asked for removal may have died. The foreground process only waits for the container to exit, so kill
   * it here.
   */
  private mustEnd(row: Seen): boolean {
    return row.state === "deleting" && row.container.attached && lives(this.parts.processes, row);
  }

  /** When many end at once, each is released by its own supervisor, and not by whatever command comes along. */
  private async isSeenTo(row: Seen): Promise<boolean> {
    const { processes } = this.parts;
    if (row.container.status !== "running" || lives(processes, row) || !this.hasEnded(row)) return false;
    return (await this.parts.runtime()).isSupervised(row.id);
  }

  /** As {@link Recovery.endRun}, for a command that does not wait: one that its policy starts again gets an exit command for that. */
  async release(id: string): Promise<Container | undefined> {
    const ended = await this.endRun(id);
    if (ended?.status === "restarting") await this.handOverRestart(id);
    return ended;
  }

  /**
   * Releases a container whose run has ended, or was about to be; does nothing for one that lives or that another process
   * supervises. Safe to call from several processes at once: one of them does the work, and learns how the run ended. That
   * process then owns a container which is to start again.
   */
  async endRun(id: string): Promise<Container | undefined> {
    // Every command asks this of every container, so that most of the time it must not keep writers waiting.
    const seen = this.parts.store.containers.get(id);
    if (seen === undefined || !this.hasEnded(seen)) return undefined;
    const isSameRun = ({ container }: ContainerRow): boolean => container.startedAt === seen.container.startedAt;
    return this.teardown.run(seen, (row) => isSameRun(row) && this.hasEnded(row));
  }

  /**
   * Has another process wait for a restart that this one waits for. Until that has claimed the row, no process does. Returns false
   * where this one waits for none.
   */
  async handOverRestart(id: string): Promise<boolean> {
    const { store, processes } = this.parts;
    const isFree = store.unsyncedTransaction(() => {
      const row = store.containers.get(id);
      if (row?.container.status !== "restarting" || !sameOwner(row.owner, processes.self())) return false;
      const owner = nobody(processes.self().bootId);
      store.containers.update({ ...row, owner, container: { ...row.container, attached: false } });
      return true;
    });
    if (isFree) await (await this.parts.runtime()).callExitCommand(id);
    return isFree;
  }

  /** Those of the active containers whose restart no process waits for. */
  private forsaken(active: readonly ContainerOutline[]): readonly ContainerOutline[] {
    const { processes } = this.parts;
    return active.filter(
      (one) => one.container.status === "restarting" && !processes.isAlive(one.owner) && !this.hasEnded(one),
    );
  }

  private hasEnded(row: Seen): boolean {
    const { state, container, owner } = row;
    const { processes } = this.parts;
    const isMine = sameOwner(owner, processes.self());
    // Of a container that runs it is seldom asked, and there may be very many.
    const isOrphan = (): boolean => !isMine && !processes.isAlive(owner);
    switch (container.status) {
      case "running":
        if (state === "deleting" && isOrphan()) return true;
        if (container.attached && !isMine && !isOrphan()) return false;
        return !lives(processes, row);
      case "starting":
      case "stopping":
        return isOrphan();
      case "restarting":
        if (state === "deleting") return isMine || isOrphan();
        return isOrphan() && owner.bootId !== processes.self().bootId;
      case "created":
      case "exited":
        return false;
    }
  }
}

/** What of a container says whether its run is over. */
type Seen = Pick<ContainerOutline, "id" | "state" | "owner" | "container">;

/** The ids of what a row is, or joins. */
function subjectsOf(row: Row | EndpointRow): readonly string[] {
  return "endpoint" in row ? [row.id, row.endpoint.networkId, row.containerId ?? ""] : [row.id];
}
