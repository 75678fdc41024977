import type { Network } from "../../api/index.js";
import type { ContainerRow, NameMeaning, NameView, NameViews, WatchedStore } from "../../contracts/index.js";
import { makerOf } from "../sandbox/sandbox.js";
import type { HostResolvers } from "./host-resolvers.js";
import { LiveDirectory } from "./live-directory.js";
import { SandboxNames } from "./sandbox-names.js";

interface Kept {
  version: number;
  readonly fingerprint: string;
  /** Undefined for a namespace without a resolver. */
  readonly sandbox: Sandbox | undefined;
}

interface Sandbox {
  readonly names: SandboxNames;
  /** What its container asked for with `--dns`. */
  readonly dns: readonly string[] | undefined;
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
    private readonly hostResolvers: Pick<HostResolvers, "nameservers">,
  ) {
    this.directory = new LiveDirectory(store);
  }

  of(netns: string): NameView | undefined {
    if (this.sandbox(netns) === undefined) return undefined;
    return {
      meaning: (name): NameMeaning => this.sandbox(netns)?.names.meaning(name) ?? { kind: "unknown" },
      nameOf: (address) => this.sandbox(netns)?.names.nameOf(address),
      upstream: () => this.upstream(netns),
    };
  }

  namespaces(): readonly string[] {
    const listening = this.store.containers.namespacesWith("resolver");
    this.retain(new Set(listening));
    return listening;
  }

  /** Memory holds what is in use. */
  private retain(listening: ReadonlySet<string>): void {
    for (const netns of this.sandboxes.keys()) if (!listening.has(netns)) this.sandboxes.delete(netns);
    const used = [...this.sandboxes.values()].flatMap(({ sandbox }) => sandbox?.names.networkIds ?? []);
    this.directory.retain(new Set(used));
  }

  private upstream(netns: string): readonly string[] {
    const sandbox = this.sandbox(netns);
    const networks = (sandbox?.names.networkIds ?? []).flatMap((id) => this.directory.names(id)?.network ?? []);
    if (networks.every(({ internal }) => internal)) return [];
    return sandbox?.dns ?? dnsOf(networks) ?? this.hostResolvers.nameservers();
  }

  private sandbox(netns: string): Sandbox | undefined {
    const version = this.store.version();
    this.directory.moveTo(version);
    const kept = this.sandboxes.get(netns);
    if (kept?.version === version) return kept.sandbox;
    const fingerprint = this.store.endpoints.fingerprint({ netns });
    if (kept?.fingerprint === fingerprint && !kept.sandbox?.names.followsLinks) {
      kept.version = version;
      return kept.sandbox;
    }
    const sandbox = this.read(netns);
    this.sandboxes.set(netns, { version, fingerprint, sandbox });
    return sandbox;
  }

  private read(netns: string): Sandbox | undefined {
    const [containerId] = this.store.endpoints.ofNetns(netns).flatMap((row) => row.containerId ?? []);
    const row = this.store.containers.get(containerId ?? "");
    if (row === undefined || !hasResolver(row, netns)) return undefined;
    const { dns } = (makerOf(this.store, row) ?? row).container.spec;
    return { names: new SandboxNames(this.store, this.directory, row), dns };
  }
}

function hasResolver({ container: { status }, resources }: ContainerRow, netns: string): boolean {
  if (status !== "starting" && status !== "running") return false;
  return resources.some((one) => one.kind === "resolver" && one.netns === netns);
}

function dnsOf(networks: readonly Network[]): readonly string[] | undefined {
  const servers = new Set(networks.flatMap(({ dns = [] }) => dns));
  return servers.size === 0 ? undefined : [...servers];
}
