import { isDeepStrictEqual } from "node:util";
import type { Extension, IpamDriver, LinkKind, NatBackend, NetworkDriver, Provider } from "../api/index.js";
import type { Ecosystem } from "../contracts/ecosystem.js";
import { TsdError } from "../errors/tsd-error.js";
import { type Brought, broughtBy } from "./brought.js";
import { checkExtension } from "./check-extension.js";
import { guardExtension } from "./guards/guard-extension.js";
import { type CallBounds, PluginCalls } from "./guards/plugin-calls.js";
import { type Bringer, refuseDuplicates } from "./refuse-duplicates.js";

/** An extension that is loaded when something that it brings is first needed. */
export interface ExtensionSource {
  readonly name: string;
  readonly brought: Brought;
  /** Throws `plugin` where it cannot be loaded. */
  readonly load: () => unknown;
}

interface Sources {
  /** Of tsd's own, which are always there, and are not guarded. */
  readonly builtIn: readonly Extension[];
  /** Of the caller of `openTsd`. */
  readonly given: readonly Extension[];
  /** Asked when neither of these has what is needed. */
  readonly installed: () => readonly ExtensionSource[];
  /** Asked last, so that what is found on the machine takes no name of an extension. */
  readonly ecosystems: readonly Ecosystem[];
}

interface Surroundings {
  /** NAT backends that are in no extension. */
  readonly natBackends?: readonly string[];
  readonly warn?: (text: string) => void;
  readonly bounds?: CallBounds;
}

/** Finds drivers, backends, providers and link kinds by name in all extensions. Those of third parties are guarded. */
export class ExtensionCatalogue {
  /** As use cases ask for them. */
  readonly drivers = {
    get: (type: string): NetworkDriver | undefined => this.driver(type),
    names: (): readonly string[] => [...this.names("drivers"), ...this.found("drivers")],
    extensionOf: (type: string): string | undefined => this.extensionOf(type),
    singletons: new Map<string, NetworkDriver>(),
  };
  private readonly atHand: readonly ExtensionSource[];
  private readonly taken: readonly Partial<Brought>[];
  private readonly own: ReadonlyMap<string, NetworkDriver>;
  private readonly guarded = new Map<string, Extension>();
  private readonly vocabulary = {
    hasKind: (kind: string): boolean => this.names("kinds").includes(kind),
    hasLinkType: (type: string): boolean => this.names("linkTypes").includes(type),
  };

  /** Throws `plugin` for one of `given` that is no extension, or brings a name that is taken. */
  constructor(
    private readonly sources: Sources,
    private readonly surroundings: Surroundings = {},
  ) {
    const drivers = sources.builtIn.flatMap((extension) => extension.drivers ?? []);
    this.own = new Map(drivers.map((driver) => [driver.type, driver]));
    for (const [type, driver] of this.own) if (driver.capabilities.singleton) this.drivers.singletons.set(type, driver);
    const given = sources.given.map((value) => this.given(value));
    const kinds = sources.ecosystems.flatMap((ecosystem) => ecosystem.kinds);
    const own = [...sources.builtIn.map(broughtBy), { natBackends: surroundings.natBackends ?? [], kinds }];
    refuseDuplicates(own, given);
    this.taken = [...own, ...given.map(({ brought }) => brought)];
    const builtIn = sources.builtIn.map((extension) => sourceOf(extension));
    this.atHand = [...builtIn, ...given];
    for (const extension of sources.builtIn) this.guarded.set(extension.name, extension);
  }

  natBackend(name: string): NatBackend | undefined {
    return this.find("natBackends", name)?.natBackends?.find((backend) => backend.name === name);
  }

  ipam(name: string): IpamDriver | undefined {
    const brought = this.find("ipam", name)?.ipam?.find((driver) => driver.name === name);
    return brought ?? this.ofEcosystems((ecosystem) => ecosystem.ipam?.(name));
  }

  /** Loads nothing. */
  hasIpam(name: string): boolean {
    return this.names("ipam").includes(name) || this.ofEcosystems((one) => one.ipam?.(name)) !== undefined;
  }

  ipamNames(): readonly string[] {
    return [...this.names("ipam"), ...this.found("ipam")];
  }

  /** Of an extension. */
  provider(kind: string): Provider | undefined {
    return this.find("kinds", kind)?.providers?.find(({ kinds }) => kinds.some((one) => one === kind));
  }

  /** That whose drivers list resources of that kind. */
  ecosystemOf(kind: string): Ecosystem | undefined {
    return this.sources.ecosystems.find(({ kinds }) => kinds.includes(kind));
  }

  linkKind(type: string): LinkKind | undefined {
    return this.find("linkTypes", type)?.linkKinds?.find((kind) => kind.type === type);
  }

  /** What all extensions bring of one sort, in the order of the alphabet. */
  names(sort: keyof Brought): readonly string[] {
    return [...new Set(this.all().flatMap(({ brought }) => brought[sort]))].sort();
  }

  /** Throws `plugin` where one of `added` brings a name that tsd has, the caller of `openTsd` gave, or another of them brings. */
  refuseDuplicates(added: readonly Bringer[]): void {
    refuseDuplicates(this.taken, added);
  }

  private driver(type: string): NetworkDriver | undefined {
    const brought = this.own.get(type) ?? this.find("drivers", type)?.drivers?.find((driver) => driver.type === type);
    return brought ?? this.ofEcosystems((ecosystem) => ecosystem.driver(type));
  }

  private ofEcosystems<T>(find: (ecosystem: Ecosystem) => T | undefined): T | undefined {
    for (const ecosystem of this.sources.ecosystems) {
      const found = find(ecosystem);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private found(sort: "drivers" | "ipam"): readonly string[] {
    return this.sources.ecosystems.flatMap((ecosystem) => ecosystem.found()[sort]);
  }

  /** The third party's that brings a driver, by name. */
  private extensionOf(type: string): string | undefined {
    return this.own.has(type) ? undefined : this.all().find(({ brought }) => brought.drivers.includes(type))?.name;
  }

  private find(sort: keyof Brought, name: string): Extension | undefined {
    const has = ({ brought }: ExtensionSource): boolean => brought[sort].includes(name);
    const source = this.atHand.find(has) ?? this.sources.installed().find(has);
    return source === undefined ? undefined : this.load(source);
  }

  private load(source: ExtensionSource): Extension {
    const known = this.guarded.get(source.name);
    if (known !== undefined && bringsSame(broughtBy(known), source.brought)) return known;
    const calls = this.callsOf(source.name);
    const value = calls.enclose({ verb: "load" }, source.load);
    const guarded = guardExtension(calls.check(value, checkExtension), calls, this.vocabulary);
    if (!bringsSame(broughtBy(guarded), source.brought)) throw changed(source.name);
    this.guarded.set(source.name, guarded);
    return guarded;
  }

  private given(value: unknown): ExtensionSource {
    const extension = this.callsOf("given to openTsd").check(value, checkExtension);
    return sourceOf(extension);
  }

  private callsOf(plugin: string): PluginCalls {
    return new PluginCalls(plugin, this.surroundings.warn ?? (() => undefined), this.surroundings.bounds);
  }

  private all(): readonly ExtensionSource[] {
    return [...this.atHand, ...this.sources.installed()];
  }
}

function sourceOf(extension: Extension): ExtensionSource {
  return { name: extension.name, brought: broughtBy(extension), load: () => extension };
}

/** In whatever order. */
function bringsSame(a: Brought, b: Brought): boolean {
  const sorts = Object.keys(a) as readonly (keyof Brought)[];
  return sorts.every((sort) => isDeepStrictEqual(a[sort].toSorted(), b[sort].toSorted()));
}

function changed(plugin: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PLUGIN_CHANGED",
    message: `plug-in "${plugin}" brings something else now than when it was added`,
    hint: "Install it again with tsd plugin add.",
    details: { plugin },
  });
}
