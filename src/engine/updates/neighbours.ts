import type { File, Resource } from "../../api/index.js";
import type { ContainerRow, EndpointRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { hostsFile, withNames } from "../sandbox/hosts-file.js";
import { endpointLinks } from "../sandbox/links.js";
import { CurrentDirectory, NameDirectory } from "../sandbox/name-directory.js";
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
    const current = new CurrentDirectory(this.parts.store);
    await this.writeNames(current, networkIds, self);
    if (self !== undefined) await this.resolvers.part(self);
    await this.openLinks(current.now(), networkIds);
  }

  /** Reads what rows of containers list, with their /etc/hosts as it is to be at this moment. */
  lists(): (row: ContainerRow) => readonly Resource[] {
    const { store } = this.parts;
    const directory = new NameDirectory(store);
    return (row) => withNames(store, row, directory);
  }

  /** Updates all on the networks of endpoints that have other addresses than `before`, which others decided while they were in use. */
  async follow(before: readonly EndpointRow[], now: readonly EndpointRow[]): Promise<void> {
    const known = new Map(before.map(({ id, endpoint }) => [id, endpoint.addresses.join(" ")]));
    const moved = now.filter(({ id, endpoint }) => known.get(id) !== endpoint.addresses.join(" "));
    for (const { endpoint, containerId } of moved) await this.tell([endpoint.networkId], containerId);
  }

  /** Another command may have decided on newer names meanwhile and written them first: the last writer looks again. */
  private async writeNames(
    current: CurrentDirectory,
    networkIds: readonly string[],
    self: string | undefined,
  ): Promise<void> {
    const written = new Map<string, string>();
    for (;;) {
      const turned = self === undefined ? [] : await this.resolvers.turnFile(self);
      const directory = current.now();
      const own = turned.map((file) => ({ id: self, file }));
      const files = [...own, ...this.namesOf(directory, networkIds, self)].filter(
        ({ file }) => written.get(file.path) !== file.content,
      );
      if (files.length === 0) return;
      for (const { id, file } of files) {
        await this.write(file, id === self);
        written.set(file.path, file.content);
      }
      if (current.now() === directory) return;
    }
  }

  private namesOf(
    directory: NameDirectory,
    networkIds: readonly string[],
    self: string | undefined,
  ): readonly { id: string; file: File }[] {
    const { store } = this.parts;
    const concerned = networkIds.flatMap((id) => directory.concerned(id).map(({ container }) => container.id));
    return [...new Set([...concerned, ...(self === undefined ? [] : [self])])].flatMap((id) => {
      const outline = directory.outline(id);
      const isOwner = outline?.ownsSandbox && outline.container.sandbox?.netns !== undefined;
      const file = isOwner ? hostsFile(store, id, directory) : undefined;
      return file === undefined ? [] : [{ id, file }];
    });
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
  private async openLinks(directory: NameDirectory, networkIds: readonly string[]): Promise<void> {
    const { store } = this.parts;
    const linking = networkIds.flatMap((id) => directory.on(id).filter(({ hasLinks }) => hasLinks));
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
