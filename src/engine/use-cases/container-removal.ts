import type { Container, Forgotten, RemovalOptions } from "../../api/index.js";
import { inHaste } from "../../contracts/haste.js";
import type { ContainerRow } from "../../contracts/index.js";
import { sameOwner } from "../../contracts/processes.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { ContainerEnding } from "../lifecycle/container-ending.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Teardown } from "../lifecycle/teardown.js";
import { isActive } from "../rows/active-container.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import { stillActive } from "./container-errors.js";

interface RemovalLife {
  readonly containerExit: ContainerExit;
  readonly ending: Pick<ContainerEnding, "kill" | "end">;
  readonly teardown: Teardown;
  readonly recovery: Pick<Recovery, "about">;
}

/** Removes one container, running or not, with what it wrote. */
export class ContainerRemoval {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes">,
    private readonly life: RemovalLife,
  ) {}

  async remove(ref: string, options: RemovalOptions = {}): Promise<Container & Forgotten> {
    const { store, processes } = this.parts;
    const { id, container } = store.containers.resolve(ref);
    await this.life.recovery.about(id);
    const row = store.containers.get(id);
    if (row === undefined) return container;
    // What a plug-in stopped when this process began, none goes on with.
    const isStuck = row.container.status === "stopping" && sameOwner(row.owner, processes.self());
    if (options.force && isStuck) return this.removeRest(id);
    try {
      return await this.removeWhole(id, options);
    } catch (error) {
      if (options.force !== true || !TsdError.is(error, "plugin")) throw error;
      return this.removeRest(id);
    }
  }

  /** Of a container whose removal a plug-in stopped, which is not waited for once more; what is left is given up. */
  private async removeRest(ref: string): Promise<Container & Forgotten> {
    const { store, processes } = this.parts;
    const row = store.transaction(() => {
      const found = store.containers.resolve(ref);
      const leaving: ContainerRow = { ...found, state: "deleting", owner: processes.self() };
      store.containers.update(leaving);
      return leaving;
    });
    const { teardown, outcome } = this.life.teardown.forRequest({ force: true });
    await inHaste(() => (isActive(row.container) ? teardown.run(row) : teardown.container(row)));
    return { ...row.container, ...outcome() };
  }

  private async removeWhole(ref: string, options: RemovalOptions): Promise<Container> {
    const { store } = this.parts;
    const container = await this.life.containerExit.whenReleased(ref);
    const { id } = container;
    if (options.force && store.unwritable !== undefined && isActive(container)) {
      // It may be what fills the disk.
      await this.life.ending.kill(container, "KILL");
    }
    const begin = () => this.beginRemoval(id, options);
    let leaving = begin();
    while (leaving === "starting") {
      await this.life.containerExit.whenStarted(container);
      leaving = begin();
    }
    if (leaving !== undefined && isActive(leaving.container)) await this.life.ending.end(leaving.container);
    const left = store.containers.get(id);
    if (left !== undefined) await this.life.teardown.container(left);
    return container;
  }

  /** Marks a container for removal, so that the process that sees its exit removes it, and no command starts it. */
  private beginRemoval(
    id: string,
    { force = false, volumes = false }: RemovalOptions,
  ): ContainerRow | "starting" | undefined {
    const { store, processes } = this.parts;
    return store.transaction(() => {
      const row = store.containers.get(id);
      if (row === undefined) return undefined;
      const { container } = row;
      refuseBusy(processes, row, { noun: "container", name: container.name, states: ["creating", "changing"] });
      if (isActive(container) && !force) throw stillActive(container);
      if (container.status === "starting" && processes.isAlive(row.owner)) return "starting";
      // Who waits for it in the foreground, or stops it at this moment, goes on.
      const owner = container.attached || container.status === "stopping" ? row.owner : processes.self();
      const taking = volumes ? { takesVolumes: true } : {};
      const leaving: ContainerRow = { ...row, ...taking, state: "deleting", owner };
      store.containers.update(leaving);
      return leaving;
    });
  }
}
