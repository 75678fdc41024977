/** Names of what a plug-in brings of one sort, each with a line that describes it, which may be empty. */
export type Descriptions = Readonly<Record<string, string>>;

/** An extension that `tsd plugin add` installed: every `openTsd` on the same root finds what it brings. */
export interface Plugin {
  readonly name: string;
  /** As its package.json has it; empty for a single file. */
  readonly version: string;
  /** Where it came from: an absolute path, or the name of a package in the registry of the user's npm. */
  readonly source: string;
  readonly apiVersion: number;
  readonly drivers: Descriptions;
  readonly natBackends: Descriptions;
  readonly ipam: Descriptions;
  /** Kinds of resources that it has providers for. */
  readonly kinds: readonly string[];
  readonly linkTypes: readonly string[];
  /** Name of the directory of its files below `TSD_ROOT/plugins`. */
  readonly directory: string;
  /** Path of its module in that directory. */
  readonly entry: string;
  /** Hexadecimal SHA-256 of all its files, those of its dependencies among them. */
  readonly digest: string;
  /** RFC 3339, UTC. */
  readonly added: string;
}

/** A plug-in and what can be asked of the machine about it. */
export interface PluginDetails {
  readonly plugin: Plugin;
  /** Absolute path of its directory. */
  readonly path: string;
  /** Who needs what it brings, in words: `network "lan"`. */
  readonly users: readonly string[];
  /** What is wrong with its files, in words; absent where they are as they were added. */
  readonly problem?: string;
}

export interface Plugins {
  /**
   * Installs a package with its dependencies, without running scripts of theirs, and loads it once, in a process of its own.
   * `source` is the absolute path of a folder, of a tarball or of one file (`.ts`, `.js`, `.mjs` …), else the name of a
   * package, `@VERSION` behind it or not. One of the same name is replaced. Throws `conflict` naming both plug-ins for a name
   * that another brings, and naming the users of what its new version brings no more, unless `force`; `plugin` where it
   * cannot be loaded, or brings something else than it declares.
   */
  add(
    source: string,
    options?: { readonly force?: boolean },
  ): Promise<{
    readonly plugin: Plugin;
    /** The one whose place it took. */
    readonly replaced?: Plugin;
  }>;
  /** In the order of the alphabet. Loads none. */
  list(): readonly Plugin[];
  /** Throws `not-found`. Loads nothing. */
  inspect(name: string): Promise<PluginDetails>;
  /** Throws `not-found`, or `conflict` naming the users of what it brings, unless `force`; these can still be removed. */
  remove(name: string, options?: { readonly force?: boolean }): Promise<Plugin>;
}
