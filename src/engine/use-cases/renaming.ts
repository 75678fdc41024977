import type { Container } from "../../api/index.js";
import type { ContainerRow, Owner } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import type { UnfinishedWork } from "../lifecycle/left-work.js";
import type { Recovery } from "../lifecycle/recovery.js";
import { isActive } from "../rows/active-container.js";
import { checkName } from "../rows/identifiers.js";
import { refuseBusy } from "../rows/refuse-busy.js";
import type { Neighbours } from "../updates/neighbours.js";
import { renamedIn } from "./renamed-in.js";

/** What others are still to learn of, and the process that sees to it; at `renaming ID` among the settings. */
interface Untold {
  readonly id: string;
  readonly owner: Owner;
}

const PREFIX = "renaming ";

/**
 * Gives containers other names. The store has the name first, which the resolver reads, with a note that files of running containers
 * are to follow: a process that dies in between leaves that to the next command.
 */
export class Renaming implements UnfinishedWork {
  constructor(
    private readonly parts: Pick<Parts, "store" | "processes">,
    private readonly neighbours: Pick<Neighbours, "tell">,
    private readonly recovery: Pick<Recovery, "about">,
  ) {}

  /** See {@link Containers.rename}. */
  async rename(ref: string, name: string): Promise<Container> {
    const { store, processes } = this.parts;
    const wanted = name.replace(/^\//, "");
    checkName("container", wanted);
    const { id } = store.containers.resolve(ref);
    await this.recovery.about(id);
    const renamed = store.transaction(() => {
      const row = store.containers.resolve(id);
      const { container } = row;
      refuseBusy(processes, row, { noun: "container", name: container.name, states: ["creating", "deleting"] });
      this.refuseTaken(container, wanted);
      const next: ContainerRow = { ...row, container: { ...container, name: wanted } };
      store.containers.update(next);
      this.renameInOthers(container.name, wanted);
      if (isActive(container)) store.settings.set(`${PREFIX}${id}`, { id, owner: processes.self() } satisfies Untold);
      return next;
    });
    if (isActive(renamed.container)) await this.tell(id);
    return renamed.container;
  }

  async isNeeded(): Promise<boolean> {
    return this.abandoned().length > 0;
  }

  async run(): Promise<void> {
    for (const { id } of this.abandoned()) await this.tell(id);
  }

  private abandoned(): readonly Untold[] {
    const { store, processes } = this.parts;
    return store.settings.list<Untold>(PREFIX).filter(({ owner }) => !processes.isAlive(owner));
  }

  private async tell(id: string): Promise<void> {
    const { store } = this.parts;
    const row = store.containers.get(id);
    if (row !== undefined && isActive(row.container)) {
      const networks = store.endpoints.ofContainer(id).map(({ endpoint }) => endpoint.networkId);
      await this.neighbours.tell(networks, id);
    }
    store.unsyncedTransaction(() => store.settings.delete(`${PREFIX}${id}`));
  }

  /** Links and shared networks are written by names, and go on to mean the same container. */
  private renameInOthers(from: string, to: string): void {
    const { containers } = this.parts.store;
    for (const row of containers.list()) {
      const renamed = renamedIn(row, from, to);
      if (renamed !== undefined) containers.update(renamed);
    }
  }

  private refuseTaken({ id, name }: Container, wanted: string): void {
    const holder = this.parts.store.containers.named(wanted);
    if (holder === undefined) return;
    const isOwn = holder.id === id;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_CONTAINER_DUPLICATE",
      message: isOwn ? `container "${name}" has that name already` : `container "${wanted}" exists already`,
      hint: isOwn ? "Give it another one." : `Choose another name, or remove that one: tsd rm ${wanted}`,
      details: { name: wanted, id: holder.id },
    });
  }
}
