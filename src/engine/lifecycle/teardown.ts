import { setTimeout as sleep } from "node:timers/promises";
import type { Container, Forgotten, RemovalOptions, Resource } from "../../api/index.js";
import { monotonicTime } from "../../contracts/clock.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow, Debt, EndpointRow, Exit, NetworkRow, Table, VolumeRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import type { Notes } from "../cluster/notes.js";
import type { Applier, Parts } from "../contracts/parts.js";
import type { Debts } from "../ipam/debts.js";
import { keepLeases } from "../plan/address-lease.js";
import { withdrawAttachment } from "../plan/attachments.js";
import { keptResources, withoutDirectories } from "../plan/container-files.js";
import { interleave } from "../resources/interleave.js";
import { removeUnshared } from "../resources/unshared-removal.js";
import { lives, runOf } from "../rows/active-container.js";
import { tidyAgentNotes } from "../rows/agent-notes.js";
import { endsWithRun, noteRun } from "../rows/note-run.js";
import { forgetChains } from "../rows/opened-chains.js";
import { keeperOf, splitSandbox } from "../sandbox/sandbox.js";
import type { Neighbours } from "../updates/neighbours.js";
import { removePeers } from "../updates/peer-removal.js";
import { exitOf, noteExit } from "./recorded-exit.js";
import { outcome, waitingRow } from "./restart-rows.js";
import { markLeavingVolumes, removeVolumes } from "./volume-removal.js";

interface TeardownParts extends Pick<Parts, "store" | "processes" | "addressBook" | "runtime" | "paths"> {
  readonly applier: Pick<Applier, "ensure" | "remove" | "removeOrForget">;
}

/**
 * The one way things end: on request, after a failure half-way, and in recovery alike. Each verb first marks the row as
 * its own, so that a crash in the middle is finished by the next command, and deletes the row last.
 */
export class Teardown {
  constructor(
    private readonly parts: TeardownParts,
    private readonly neighbours: Neighbours,
    /** What goes leaves, to IPAM drivers and to the cluster. */
    private readonly debts: Pick<Debts, "ofEndpoint" | "ofNetwork" | "settle"> & Pick<Notes, "takeOver">,
  ) {}

  /** The same ways for a request: with `force` they give up what needs a plug-in that is gone or fails. */
  forRequest({ force = false }: RemovalOptions): { readonly teardown: Teardown; readonly outcome: () => Forgotten } {
    if (!force) return { teardown: this, outcome: () => ({}) };
    const { applier } = this.parts;
    const forgotten: Resource[] = [];
    const remove = async (resources: readonly Resource[]): Promise<void> => {
      forgotten.push(...(await applier.removeOrForget(resources)));
    };
    return {
      teardown: new Teardown(
        {
          ...this.parts,
          applier: {
            ensure: (resources) => applier.ensure(resources),
            remove,
            removeOrForget: (resources) => applier.removeOrForget(resources),
          },
        },
        this.neighbours,
        this.debts,
      ),
      outcome: () => (forgotten.length === 0 ? {} : { forgotten }),
    };
  }

  /** The caller has made sure that the network is unused, in the transaction that marked it `deleting`. */
  async network(known: NetworkRow): Promise<void> {
    const { store, processes, applier, addressBook } = this.parts;
    if (!this.claim(store.networks, known)) return;
    await removePeers(this.parts, known.id);
    // Read it again: a network that failed to be made may have listed more than was planned.
    const row = store.networks.resolve(known.id);
    const { id, resources, leaving = [] } = row;
    let debts: readonly Debt[] = [];
    // Who began, and died, may have taken away what another network has come to share.
    const isDoubtful = !sameOwner(known.owner, processes.self());
    await removeUnshared({ store, applier }, { id, resources: [...resources, ...leaving], isDoubtful }, () => {
      store.networks.delete(id);
      tidyAgentNotes(store);
      // One that was never made was not the last.
      if (known.state !== "creating") forgetChains(store);
      addressBook.releasePool(id);
      debts = this.debts.ofNetwork(row);
    });
    await this.debts.settle(debts);
  }

  /**
   * A power cut takes away what endpoints hold, and may take the transactions with it: the rows come back as they were, and the
   * next command finds that they are to go.
   */
  async endpoints(...rows: readonly EndpointRow[]): Promise<void> {
    const { store, applier } = this.parts;
    const claimed = store.unsyncedTransaction(() => rows.filter((row) => this.claim(store.endpoints, row)));
    if (claimed.length === 0) return;
    for (const { containerId, endpoint } of claimed)
      if (containerId !== undefined) await this.neighbours.tell([endpoint.networkId], containerId);
    await applier.remove(interleave(claimed.map(({ resources, leaving = [] }) => [...resources, ...leaving])));
    const debts = store.unsyncedTransaction(() => {
      const noted = claimed.flatMap((row) => this.forgetAttachment(row));
      this.debts.takeOver();
      return noted;
    });
    await this.debts.settle(debts);
  }

  /**
   * Ends what one run of a container holds: process, addresses, ports, namespace, mounts. Its files and its row stay, unless
   * it was asked to go with its exit. What other containers share with it becomes one of theirs. One that its policy starts
   * again keeps what it holds, but for the process. Does nothing for one that does not end by `isEnding`, which is asked as it
   * is marked; else returns how it ended.
   */
  async run(seen: ContainerRow, isEnding: (row: ContainerRow) => boolean = () => true): Promise<Container | undefined> {
    const { store, applier, processes } = this.parts;
    const runtime = await this.parts.runtime();
    const exit = await exitOf(this.parts, runtime, seen);
    const begun = store.unsyncedTransaction(() => {
      const current = store.containers.get(seen.id);
      return current === undefined || !isEnding(current) ? undefined : this.begin(current, exit);
    });
    if (begun === undefined) return undefined;
    if (begun.container.status === "restarting") {
      await runtime.remove(runOf(processes, seen));
      return begun.container;
    }
    if (lives(processes, begun)) await runtime.kill(runOf(processes, begun), "KILL");
    const row = await noteExit(this.parts, runtime, begun);
    await runtime.remove(runOf(processes, row));
    await this.awaitChanges(row.id);
    const endpoints = store.endpoints.ofContainer(row.id);
    const { netns = "" } = row.container.sandbox ?? {};
    const shared = store.endpoints.ofNetns(netns);
    // With an heir these are no longer the row's own, and lead to another name from now on.
    await this.neighbours.tell(
      shared.map(({ endpoint }) => endpoint.networkId),
      shared.find(({ containerId }) => containerId !== row.id)?.containerId,
    );
    const goes = endsWithRun(row);
    const attached = endpoints.flatMap(({ resources, leaving = [] }) => [...resources, ...leaving]);
    if (goes) await runtime.forget(row.id);
    const kept = goes ? [] : keptResources(this.parts.paths, row.container);
    await applier.remove([...withoutDirectories(row.resources, kept), ...attached]);
    const { ended, debts, volumes } = noteRun(store, { goes }, () => {
      // Read it again: another command may have asked for its removal meanwhile.
      const after = afterRun(store.containers.resolve(row.id), kept);
      // For those who listen it has ended first, then left its networks, and then, if it goes, gone.
      store.containers.update(after);
      const noted = endpoints.flatMap((endpoint) => this.forgetEndpoint(endpoint));
      const left = goes ? this.forgetContainer(after) : [];
      this.debts.takeOver();
      return { ended: after, debts: noted, volumes: left };
    });
    await this.debts.settle(debts);
    await removeVolumes(this.parts, volumes);
    if (!goes && ended.state === "deleting") await this.container(ended);
    return ended.container;
  }

  /**
   * A command that connects the container or changes its ports at this moment would go on to make what is taken away here.
   * None begins any more once the row is `stopping`.
   */
  private async awaitChanges(containerId: string): Promise<void> {
    const { store, processes } = this.parts;
    const deadline = monotonicTime() + patience;
    const isForeign = ({ state, owner }: EndpointRow): boolean =>
      (state === "creating" || state === "changing") && !sameOwner(owner, processes.self()) && processes.isAlive(owner);
    while (store.endpoints.ofContainer(containerId).some(isForeign) && monotonicTime() < deadline) await sleep(5);
  }

  /** Marks the end of a run as this process's, and hands its namespace and endpoints on to a container that shares them. */
  private begin(row: ContainerRow, exit: Exit | undefined): ContainerRow {
    const { store, processes } = this.parts;
    const waiting = waitingRow(row, exit, processes.self());
    if (waiting !== undefined) {
      store.containers.update(waiting);
      return waiting;
    }
    // After a boot the process is another's.
    const { pid: _pid, pidStart: _pidStart, ...container } = row.container;
    const { process } = runOf(processes, row);
    const stopping: ContainerRow = {
      ...row,
      owner: processes.self(),
      container: {
        ...container,
        ...(process === undefined ? {} : { pid: process.pid, pidStart: process.start }),
        ...(exit === undefined ? {} : outcome(exit)),
        status: "stopping",
        attached: false,
      },
    };
    const heir = ownsSandbox(row) ? this.heirOf(row) : undefined;
    if (heir === undefined) {
      store.containers.update(stopping);
      return stopping;
    }
    const { sandbox, rest } = splitSandbox(row);
    const left: ContainerRow = { ...stopping, resources: rest };
    store.containers.update(left);
    store.containers.update({ ...heir, resources: [...heir.resources, ...sandbox] });
    for (const endpoint of store.endpoints.ofContainer(row.id)) {
      store.endpoints.update({ ...endpoint, containerId: heir.id });
    }
    return left;
  }

  /** One that stays; or one whose end was cut short, and whose process may live until the next command. */
  private heirOf({ id, container: { sandbox } }: ContainerRow): ContainerRow | undefined {
    const { store, processes } = this.parts;
    if (sandbox === undefined) return undefined;
    const others = store.containers.inSandbox(sandbox.id).filter((row) => row.id !== id);
    const isStaying = ({ container }: ContainerRow): boolean => container.status !== "stopping";
    return others.find(isStaying) ?? others.find(({ owner }) => !processes.isAlive(owner));
  }

  /** Removes a container that does not run, with its files and logs. */
  async container(row: ContainerRow): Promise<void> {
    const { store, applier } = this.parts;
    if (!this.claim(store.containers, row)) return;
    const runtime = await this.parts.runtime();
    await runtime.forget(row.id);
    await applier.remove(row.resources);
    await removeVolumes(
      this.parts,
      store.unsyncedTransaction(() => {
        const volumes = this.forgetContainer(row);
        this.debts.takeOver();
        return volumes;
      }),
    );
    await this.debts.settle([]);
  }

  /**
   * Marks a row as being removed by this process; false if another took it since `row` was read, and sees to it, or if its
   * owner, whom the reader found dead, had come to the end of its work by then.
   */
  private claim<T extends NetworkRow | EndpointRow | ContainerRow>(table: Table<T>, row: T): boolean {
    const { store, processes } = this.parts;
    // One that is not whole goes already, by what the disk has of it.
    return noteRun(store, { goes: row.state !== "ready" }, () => {
      const current = table.get(row.id);
      if (current?.state !== row.state || !sameOwner(current.owner, row.owner)) return false;
      table.update({ ...current, state: "deleting", owner: processes.self() });
      return true;
    });
  }

  /** As {@link Teardown.forgetEndpoint}, of a container that goes on. */
  private forgetAttachment(row: EndpointRow): readonly Debt[] {
    const noted = this.forgetEndpoint(row);
    const user = this.parts.store.containers.get(row.containerId ?? "");
    if (user !== undefined) withdrawAttachment(this.parts, user, row.endpoint.networkId);
    return noted;
  }

  /** Returns the volumes that go with it. */
  private forgetContainer(row: ContainerRow): readonly VolumeRow[] {
    const { store, addressBook } = this.parts;
    const volumes = markLeavingVolumes(this.parts, row);
    store.containers.delete(row.id);
    addressBook.releaseAddresses(row.id);
    const keeper = keeperOf(store, row);
    if (keeper !== undefined) keepLeases(this.parts, store.endpoints.ofContainer(keeper.id));
    return volumes;
  }

  /** What its IPAM driver is to release is noted in its place. */
  private forgetEndpoint(row: EndpointRow): readonly Debt[] {
    this.parts.store.endpoints.delete(row.id);
    this.parts.addressBook.releaseAddresses(row.id);
    return this.debts.ofEndpoint(row);
  }
}

/** A container at the end of its run. One that is still being created by `run` goes with its first. */
function afterRun(row: ContainerRow, resources: readonly Resource[]): ContainerRow {
  const {
    pid: _pid,
    pidStart: _pidStart,
    paused: _paused,
    sandbox: _sandbox,
    restartAt: _at,
    ...container
  } = row.container;
  return {
    ...row,
    state: endsWithRun(row) ? "deleting" : row.state,
    resources,
    container: { ...container, status: container.exitCode === undefined ? "created" : "exited", attached: false },
  };
}

/** Milliseconds that another command may take for a change. */
const patience = 10_000;
