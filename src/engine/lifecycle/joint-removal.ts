import type { Container, Resource } from "../../api/index.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, EndpointRow, Runtime } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Notes } from "../cluster/notes.js";
import type { Parts } from "../contracts/parts.js";
import { isActive, lives, runOf } from "../rows/active-container.js";
import type { Neighbours } from "../updates/neighbours.js";
import type { Teardown } from "./teardown.js";

/** A container that goes, with its attachments. */
interface Leaving {
  readonly row: ContainerRow;
  readonly endpoints: readonly EndpointRow[];
}

interface Marked {
  readonly found: ReadonlyMap<string, ContainerRow>;
  readonly marked: readonly Leaving[];
}

/** How many containers a runtime takes apart side by side. */
const SIDE_BY_SIDE = 16;

/**
 * Ends and removes many containers as one: they are marked in one transaction, killed side by side, and what they held goes
 * as one list. After a crash in the middle recovery ends each by itself, as it does for one.
 */
export class JointRemoval {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "addressBook" | "runtime" | "applier">,
    private readonly teardown: Pick<Teardown, "run" | "container">,
    private readonly neighbours: Pick<Neighbours, "tell">,
    private readonly notes: Pick<Notes, "releaseAddresses" | "takeOver">,
  ) {}

  /** Returns what is removed, by `refs`. One whose end concerns others is left to the caller, and so is one that fails. */
  async remove(refs: readonly string[]): Promise<ReadonlyMap<string, Container>> {
    const { store } = this.parts;
    const { found, marked } = this.markTogether(refs);
    if (marked.length === 0) return new Map();
    try {
      await this.takeApart(marked);
    } catch (error) {
      if (!TsdError.is(error)) throw error;
      for (const { row } of marked) await this.removeOne(row.id);
    }
    const gone = marked.filter(({ row }) => store.containers.get(row.id) === undefined);
    const containers = new Map(gone.map(({ row }) => [row.id, row.container]));
    return new Map(
      [...found].flatMap(([ref, { id }]) => {
        const container = containers.get(id);
        return container === undefined ? [] : [[ref, container] as const];
      }),
    );
  }

  /** Marks none where that cannot be written: the caller then ends one after the other, which may free what a write needs. */
  private markTogether(refs: readonly string[]): Marked {
    try {
      return this.parts.store.transaction(() => this.mark(refs));
    } catch (error) {
      if (!TsdError.is(error, "store")) throw error;
      return { found: new Map(), marked: [] };
    }
  }

  private mark(refs: readonly string[]): Marked {
    const { store } = this.parts;
    const found = new Map(refs.flatMap((ref) => this.find(ref).map((row) => [ref, row] as const)));
    const rows = new Map([...found.values()].map((row) => [row.id, row]));
    const simple = [...rows.values()].flatMap((row) => {
      const endpoints = store.endpoints.ofContainer(row.id);
      return this.isAlone(row, endpoints) ? [{ row, endpoints }] : [];
    });
    if (simple.length < 2) return { found, marked: [] };
    const marked = simple.map(({ row, endpoints }) => {
      const leaving = this.leavingRow(row);
      store.containers.update(leaving);
      return { row: leaving, endpoints };
    });
    return { found, marked };
  }

  private find(ref: string): readonly ContainerRow[] {
    try {
      return [this.parts.store.containers.resolve(ref)];
    } catch (error) {
      if (TsdError.is(error)) return [];
      throw error;
    }
  }

  /** Whether no other container, command or IPAM driver is concerned by its end. */
  private isAlone(row: ContainerRow, endpoints: readonly EndpointRow[]): boolean {
    const { store, processes } = this.parts;
    const { id, state, container } = row;
    if (state !== "ready" || container.attached || container.spec.autoRemove) return false;
    if (store.containers.inSandboxMadeBy(id).some((other) => other.id !== id)) return false;
    if (!isActive(container)) return endpoints.length === 0;
    if (container.status !== "running" || !lives(processes, row) || !ownsSandbox(row)) return false;
    const { id: sandboxId, maker = id } = container.sandbox ?? { id: "" };
    const isShared = store.containers.inSandbox(sandboxId).length > 1;
    return maker === id && !isShared && endpoints.every((one) => one.state === "ready" && one.ipam === undefined);
  }

  /** It will have been killed: commands that wait for its end read how it ended from now on. */
  private leavingRow(row: ContainerRow): ContainerRow {
    const leaving: ContainerRow = { ...row, state: "deleting", owner: this.parts.processes.self() };
    if (!isActive(row.container)) return leaving;
    const outcome = { exitCode: KILLED, finishedAt: new Date().toISOString() };
    return { ...leaving, container: { ...row.container, ...outcome, status: "stopping" } };
  }

  private async takeApart(leaving: readonly Leaving[]): Promise<void> {
    const { store, addressBook, applier, processes } = this.parts;
    const runtime = await this.parts.runtime();
    const running = leaving.filter(({ row }) => isActive(row.container));
    // A supervisor goes before its container, so that no exit command begins to see to an end that this process sees to.
    await sideBySide(running, ({ row }) => runtime.remove(runOf(processes, row)));
    const endpoints = leaving.flatMap((one) => one.endpoints);
    await this.neighbours.tell([...new Set(endpoints.map(({ endpoint }) => endpoint.networkId))]);
    await applier.remove(leaving.flatMap(heldBy));
    await forgetLogs(runtime, leaving);
    store.transaction(() => {
      // For those who listen it has ended first, and then left its networks.
      for (const { row } of leaving) if (isActive(row.container)) store.containers.update(exited(row));
      for (const { id } of endpoints) {
        store.endpoints.delete(id);
        addressBook.releaseAddresses(id);
      }
      for (const { row } of leaving) {
        store.containers.delete(row.id);
        addressBook.releaseAddresses(row.id);
      }
      this.notes.takeOver();
    });
    await this.notes.releaseAddresses();
  }

  /** What is in the way of one keeps no other from going; the caller hears of it when it removes that one. */
  private async removeOne(id: string): Promise<void> {
    const { store } = this.parts;
    try {
      const row = store.containers.get(id);
      if (row !== undefined && isActive(row.container)) await this.teardown.run(row);
      const left = store.containers.get(id);
      if (left !== undefined) await this.teardown.container(left);
    } catch (error) {
      if (!TsdError.is(error)) throw error;
    }
  }
}

/** As a shell reports SIGKILL. */
const KILLED = 137;

/** What others hear of its end. */
function exited(row: ContainerRow): ContainerRow {
  return { ...row, container: { ...row.container, status: "exited" } };
}

function heldBy({ row, endpoints }: Leaving): readonly Resource[] {
  return [...row.resources, ...endpoints.flatMap(({ resources, leaving = [] }) => [...resources, ...leaving])];
}

async function forgetLogs(runtime: Pick<Runtime, "forget">, leaving: readonly Leaving[]): Promise<void> {
  for (const { row } of leaving) await runtime.forget(row.id);
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  // All come to their end before the first failure is thrown, so that nothing goes on behind the caller's back.
  const ended = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, next));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
