import type { ContainerRow, NameView, NameViews, WatchedStore } from "../../contracts/index.js";
import { isPresent } from "../rows/active-container.js";
import type { HostResolvers } from "./host-resolvers.js";
import { LiveDirectory } from "./live-directory.js";
import type { NamesElsewhere } from "./names-elsewhere.js";
import { SandboxNames } from "./sandbox-names.js";

interface Kept {
  version: number;
  readonly fingerprint: string;
  /** Undefined for a namespace without a resolver. */
  readonly sandbox: SandboxNames | undefined;
}

/**
 * What the store says at each question. A question costs one look at the store's version; after a commit the sandbox and its
 * networks are compared with what is known, and what has changed is read again. What the store throws, a question throws.
 */
export class StoreNameViews implements NameViews {
  private readonly directory: LiveDirectory;
  private readonly sandboxes = new Map<string, Kept>();

  constructor(
    private readonly store: WatchedStore,
    private readonly hostResolvers: Pick<HostResolvers, "nameservers" | "search">,
    private readonly elsewhere: NamesElsewhere,
  ) {
    this.directory = new LiveDirectory(store);
  }

  of(netns: string): NameView | undefined {
    return this.sandbox(netns);
  }

  namespaces(): readonly string[] {
    const listening = this.store.containers.namespacesWithResolver();
    this.retain(new Set(listening));
    return listening;
  }

  /** Memory holds what is in use. */
  private retain(listening: ReadonlySet<string>): void {
    for (const netns of this.sandboxes.keys()) if (!listening.has(netns)) this.sandboxes.delete(netns);
    const used = [...this.sandboxes.values()].flatMap(({ sandbox }) => sandbox?.networkIds ?? []);
    this.directory.retain(new Set(used));
  }

  private sandbox(netns: string): SandboxNames | undefined {
    const version = this.store.version();
    this.directory.moveTo(version);
    const kept = this.sandboxes.get(netns);
    if (kept?.version === version) return kept.sandbox;
    const fingerprint = this.store.endpoints.fingerprint({ netns });
    if (kept?.fingerprint === fingerprint && !kept.sandbox?.followsLinks) {
      kept.version = version;
      return kept.sandbox;
    }
    const sandbox = this.read(netns);
    this.sandboxes.set(netns, { version, fingerprint, sandbox });
    return sandbox;
  }

  private read(netns: string): SandboxNames | undefined {
    const [containerId] = this.store.endpoints.ofNetns(netns).flatMap((row) => row.containerId ?? []);
    const row = this.store.containers.get(containerId ?? "");
    if (row === undefined || !hasResolver(row, netns)) return undefined;
    const { store, directory, hostResolvers, elsewhere } = this;
    return new SandboxNames({ store, directory, hostResolvers, elsewhere }, row);
  }
}

function hasResolver({ container: { status }, resources }: ContainerRow, netns: string): boolean {
  if (!isPresent(status)) return false;
  return resources.some((one) => one.kind === "resolver" && one.netns === netns);
}
