import type { File } from "../../api/index.js";
import type { ContainerRow, EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { hostsFile } from "../sandbox/hosts-file.js";
import { endpointLinks } from "../sandbox/links.js";
import { hasLinks, NameDirectory } from "../sandbox/name-directory.js";
import { ownsSandbox } from "../sandbox/sandbox.js";
import type { EndpointUpdates } from "./endpoint-updates.js";

/** What containers of one network know of each other, kept true while they come and go. */
export class Neighbours {
  constructor(
    private readonly parts: Pick<Parts, "store" | "applier" | "warn">,
    private readonly endpointUpdates: EndpointUpdates,
  ) {}

  /**
   * Updates all containers on the networks, and `self` in any case, after a change there. Comes before the row that changed
   * leaves its state of transition, so that after a crash it is done again with what that row still needs.
   */
  async tell(networkIds: readonly string[], self?: string): Promise<void> {
    if (networkIds.length === 0 && self === undefined) return;
    await this.writeNames(networkIds, self);
    await this.openLinks(networkIds);
  }

  /** Updates all on the networks of endpoints that have other addresses than `before`, which others decided while they were in use. */
  async follow(before: readonly EndpointRow[], now: readonly EndpointRow[]): Promise<void> {
    const known = new Map(before.map(({ id, endpoint }) => [id, endpoint.addresses.join(" ")]));
    const moved = now.filter(({ id, endpoint }) => known.get(id) !== endpoint.addresses.join(" "));
    for (const { endpoint, containerId } of moved) await this.tell([endpoint.networkId], containerId);
  }

  private async writeNames(networkIds: readonly string[], self: string | undefined): Promise<void> {
    let files = this.parts.store.unsyncedTransaction(() => this.listNames(networkIds, self));
    // Another command may have decided on newer names meanwhile and written them first: the last writer looks again.
    while (files.length > 0) {
      for (const { id, file } of files) await this.write(file, id === self);
      files = files.flatMap(({ id, file }) => {
        const now = this.listedFile(id);
        return now === undefined || now.content === file.content ? [] : [{ id, file: now }];
      });
    }
  }

  /** Lists the files as they must be now in their rows, and returns those that differ from before. */
  private listNames(networkIds: readonly string[], self: string | undefined): readonly { id: string; file: File }[] {
    const { store } = this.parts;
    const directory = new NameDirectory(store);
    return this.containersOn(directory, networkIds, self).flatMap((row) => {
      const file = hostsFile(store, row, directory);
      const listed = this.listedFile(row.id);
      if (file === undefined || listed === undefined) return [];
      if (file.content === listed.content) return row.id === self ? [{ id: row.id, file }] : [];
      const resources = row.resources.map((resource) =>
        resource.kind === "file" && resource.path === file.path ? file : resource,
      );
      store.containers.update({ ...row, resources });
      return [{ id: row.id, file }];
    });
  }

  private containersOn(
    directory: NameDirectory,
    networkIds: readonly string[],
    self: string | undefined,
  ): readonly ContainerRow[] {
    const { store } = this.parts;
    const ids = networkIds.flatMap((id) => directory.concerned(id).map(({ container }) => container.id));
    const rows = [...new Set([...ids, ...(self === undefined ? [] : [self])])].flatMap(
      (id) => store.containers.get(id) ?? [],
    );
    return rows.filter((row) => ownsSandbox(row) && row.container.sandbox?.netns !== undefined);
  }

  private listedFile(id: string): File | undefined {
    const row = this.parts.store.containers.get(id);
    const path = `${row?.container.sandbox?.directory}/hosts`;
    return row?.resources.find((resource): resource is File => resource.kind === "file" && resource.path === path);
  }

  /**
   * A container that is about to start or to end may not have its files yet or any more, and sees to them itself. What one
   * did to its own, such as a lease, keeps no other from starting.
   */
  private async write(file: File, isOwn: boolean): Promise<void> {
    await this.parts.applier.ensure([file]).catch((error: unknown) => {
      if (!TsdError.is(error)) throw error;
      if (error.details.errno === "ENOENT") return;
      if (isOwn || (error.kind !== "conflict" && error.details.errno !== "EAGAIN")) throw error;
      this.parts.warn(`a container does not hear of the change: ${error.message}`);
    });
  }

  /** A container that is linked to may have another address than before, or be gone. */
  private async openLinks(networkIds: readonly string[]): Promise<void> {
    const { store } = this.parts;
    const directory = new NameDirectory(store);
    const linking = networkIds.flatMap((id) => directory.on(id).filter(({ container }) => hasLinks(container)));
    for (const { endpoint } of linking) {
      const update = this.endpointUpdates.endpoint(endpoint.id, ({ endpoint: current, containerId }) => {
        const row = store.containers.get(containerId ?? "");
        if (row === undefined) return undefined;
        const links = endpointLinks(store, row, current.networkId);
        return JSON.stringify(links) === JSON.stringify(current.links ?? []) ? undefined : { links };
      });
      // A neighbour comes and goes, whether or not the plug-in of a network that it links by works.
      await update.catch((error: unknown) => {
        if (!TsdError.is(error, "plugin")) throw error;
        this.parts.warn(`links do not follow the change: ${error.message}`);
      });
    }
  }
}
