import type { File, ResolverListener } from "../../api/index.js";
import { ownsSandbox } from "../../contracts/container-outline.js";
import type { ContainerRow } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { resolverPath, turnedResolverFile } from "../plan/resolver-file.js";
import { lives } from "../rows/active-container.js";
import { usesResolver } from "../sandbox/uses-resolver.js";

/** The resolver of a container that runs, while it joins networks with names and leaves them. One that starts or ends lists its own. */
export class ResolverListing {
  constructor(private readonly parts: Pick<Parts, "store" | "processes" | "applier" | "host" | "warn">) {}

  /**
   * Has one listen for a container that is on a network with names. One that is listed already is made sure of, since its process may
   * have died; if that fails, the container goes on by its /etc/hosts.
   */
  async join(id: string): Promise<void> {
    const row = this.running(id);
    if (row === undefined || !usesResolver(this.parts.store, row)) return;
    const known = listenerOf(row);
    if (known === undefined || known.isEnding) return this.parts.applier.ensure(this.add(row.id));
    await this.parts.applier.ensure([known]).catch((error: unknown) => {
      if (!TsdError.is(error)) throw error;
      // Its namespace may be gone or nameless, which `check` reports.
      if (error.code === "TSD_RESOLVER_REFUSED") return;
      this.parts.warn(`container "${row.container.name}" has only names of its /etc/hosts: ${error.message}`);
    });
  }

  /**
   * The resolv.conf of a container that has joined its first network with names, or left its last: first listed in its row, then
   * to be written by the caller, since a command that died may have listed it only. Empty for one that never did.
   */
  async turnFile(id: string): Promise<readonly File[]> {
    const { store } = this.parts;
    const host = await this.parts.host();
    return store.unsyncedTransaction(() => {
      const row = store.containers.get(id);
      const listed = row === undefined ? undefined : resolverFileOf(row);
      if (row === undefined || listed === undefined) return [];
      const file = turnedResolverFile(this.parts, host, { row, listed });
      if (file === undefined) return listed.replaces === undefined ? [] : [listed];
      store.containers.update({ ...row, resources: row.resources.map((one) => (one === listed ? file : one)) });
      return [file];
    });
  }

  /**
   * Ends that of a container that has left its last network with names. A process that starts meanwhile cannot be asked yet: it is not
   * to find it in the store.
   */
  async part(id: string): Promise<void> {
    const row = this.running(id);
    const listed = row === undefined ? undefined : listenerOf(row);
    if (row === undefined || listed === undefined || usesResolver(this.parts.store, row)) return;
    const ending: ResolverListener = { ...listed, isEnding: true };
    if (!this.listUnused(id, ending)) return;
    await this.parts.applier.remove([listed]);
    this.listUnused(id, undefined);
  }

  /** Lists what is left of one that no network needs; false where one does, and for a container that has begun to end. */
  private listUnused(id: string, left: ResolverListener | undefined): boolean {
    const { store } = this.parts;
    return store.transaction(() => {
      const row = this.running(id);
      if (row === undefined || usesResolver(store, row)) return false;
      store.containers.update(withListener(row, left));
      return true;
    });
  }

  /** Listed before it is made. Empty for a container that has begun to end. */
  private add(id: string): readonly ResolverListener[] {
    const { store } = this.parts;
    return store.transaction(() => {
      const row = this.running(id);
      const netns = row?.container.sandbox?.netns;
      if (row === undefined || netns === undefined) return [];
      const added: ResolverListener = { kind: "resolver", netns };
      store.containers.update(withListener(row, added));
      return [added];
    });
  }

  private running(id: string): ContainerRow | undefined {
    const row = this.parts.store.containers.get(id);
    if (row?.container.status !== "running" || !ownsSandbox(row)) return undefined;
    return lives(this.parts.processes, row) ? row : undefined;
  }
}

function resolverFileOf({ container: { sandbox }, resources }: ContainerRow): File | undefined {
  if (sandbox?.netns === undefined) return undefined;
  const path = resolverPath(sandbox);
  return resources.find((one): one is File => one.kind === "file" && one.path === path);
}

function withListener(row: ContainerRow, listener: ResolverListener | undefined): ContainerRow {
  const others = row.resources.filter(({ kind }) => kind !== "resolver");
  return { ...row, resources: listener === undefined ? others : [...others, listener] };
}

function listenerOf({ resources }: ContainerRow): ResolverListener | undefined {
  return resources.find((one): one is ResolverListener => one.kind === "resolver");
}
