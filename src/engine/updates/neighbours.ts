import type { File } from "../../api/index.js";
import type { ContainerRow, EndpointRow, Host } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { resolverPath, turnedResolverFile } from "../plan/resolver-file.js";
import { hostsFile } from "../sandbox/hosts-file.js";
import { endpointLinks } from "../sandbox/links.js";
import { hasLinks, NameDirectory } from "../sandbox/name-directory.js";
import { ownsSandbox } from "../sandbox/sandbox.js";
import type { EndpointUpdates } from "./endpoint-updates.js";
import { ResolverListing } from "./resolver-listing.js";

/** What containers of one network know of each other, kept true while they come and go. */
export class Neighbours {
  private readonly resolvers: ResolverListing;

  constructor(
    private readonly parts: Pick<Parts, "store" | "processes" | "applier" | "host" | "warn">,
    private readonly endpointUpdates: EndpointUpdates,
  ) {
    this.resolvers = new ResolverListing(parts);
  }

  /**
   * Updates all containers on the networks, and `self` in any case, after a change there. Comes before the row that changed
   * leaves its state of transition, so that after a crash it is done again with what that row still needs.
   */
  async tell(networkIds: readonly string[], self?: string): Promise<void> {
    if (networkIds.length === 0 && self === undefined) return;
    // One listens before resolv.conf names it, and as long as it does.
    if (self !== undefined) await this.resolvers.join(self);
    await this.writeNames(networkIds, self);
    if (self !== undefined) await this.resolvers.part(self);
    await this.openLinks(networkIds);
  }

  /** Updates all on the networks of endpoints that have other addresses than `before`, which others decided while they were in use. */
  async follow(before: readonly EndpointRow[], now: readonly EndpointRow[]): Promise<void> {
    const known = new Map(before.map(({ id, endpoint }) => [id, endpoint.addresses.join(" ")]));
    const moved = now.filter(({ id, endpoint }) => known.get(id) !== endpoint.addresses.join(" "));
    for (const { endpoint, containerId } of moved) await this.tell([endpoint.networkId], containerId);
  }

  private async writeNames(networkIds: readonly string[], self: string | undefined): Promise<void> {
    const host = self === undefined ? undefined : await this.parts.host();
    let files = this.parts.store.unsyncedTransaction(() => [
      ...this.listNames(networkIds, self),
      ...(host === undefined || self === undefined ? [] : this.listResolvers(host, self)),
    ]);
    // Another command may have decided on newer names meanwhile and written them first: the last writer looks again.
    while (files.length > 0) {
      for (const { id, file } of files) await this.write(file, id === self);
      files = files.flatMap(({ id, file }) => {
        const now = listedFile(this.parts.store.containers.get(id), file.path);
        return now === undefined || now.content === file.content ? [] : [{ id, file: now }];
      });
    }
  }

  /** Lists the files as they must be now in their rows, and returns those that differ from before. */
  private listNames(networkIds: readonly string[], self: string | undefined): readonly Written[] {
    const { store } = this.parts;
    const directory = new NameDirectory(store);
    return this.containersOn(directory, networkIds, self).flatMap((row) => {
      const file = hostsFile(store, row, directory);
      const listed = file === undefined ? undefined : listedFile(row, file.path);
      if (file === undefined || listed === undefined) return [];
      if (file.content === listed.content) return row.id === self ? [{ id: row.id, file }] : [];
      this.list(row, file);
      return [{ id: row.id, file }];
    });
  }

  /** The resolv.conf of a container that has joined its first network with names, or left its last. */
  private listResolvers(host: Host, self: string): readonly Written[] {
    const row = this.parts.store.containers.get(self);
    const { sandbox } = row?.container ?? {};
    const listed = sandbox === undefined ? undefined : listedFile(row, resolverPath(sandbox));
    if (row === undefined || listed === undefined || sandbox?.netns === undefined) return [];
    const file = turnedResolverFile(this.parts, host, { row, listed });
    if (file !== undefined) this.list(row, file);
    // A command that died may have listed the file without writing it.
    else if (listed.replaces === undefined) return [];
    return [{ id: self, file: file ?? listed }];
  }

  private list(row: ContainerRow, file: File): void {
    const resources = row.resources.map((one) => (one.kind === "file" && one.path === file.path ? file : one));
    this.parts.store.containers.update({ ...row, resources });
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

interface Written {
  readonly id: string;
  readonly file: File;
}

function listedFile(row: ContainerRow | undefined, path: string): File | undefined {
  return row?.resources.find((one): one is File => one.kind === "file" && one.path === path);
}
