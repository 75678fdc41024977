import type { Extension, IpamDriver, LinkKind, NatBackend, NetworkDriver, Provider } from "../api/index.js";
import { type Brought, broughtBy } from "./brought.js";

/** An extension that is loaded when something that it brings is first needed. */
export interface ExtensionSource {
  readonly name: string;
  readonly brought: Brought;
  /** Throws `plugin` where it cannot be loaded. */
  readonly load: () => Extension;
}

function loadedSource(extension: Extension): ExtensionSource {
  return { name: extension.name, brought: broughtBy(extension), load: () => extension };
}

interface Sources {
  /** Of tsd's own, which are always there. */
  readonly builtIn: readonly Extension[];
  /** Of the caller of `openTsd`. */
  readonly given: readonly Extension[];
  /** Asked when neither of these has what is needed. */
  readonly installed: () => readonly ExtensionSource[];
}

/** Finds drivers, backends, providers and link kinds by name in all extensions. */
export class ExtensionCatalogue {
  /** As use cases ask for them. */
  readonly drivers = {
    get: (type: string): NetworkDriver | undefined => this.driver(type),
    names: (): readonly string[] => this.names("drivers"),
    singletons: new Map<string, NetworkDriver>(),
  };
  private readonly atHand: readonly ExtensionSource[];
  private readonly own: ReadonlyMap<string, NetworkDriver>;

  constructor(private readonly sources: Sources) {
    this.atHand = [...sources.builtIn, ...sources.given].map(loadedSource);
    const drivers = sources.builtIn.flatMap((extension) => extension.drivers ?? []);
    this.own = new Map(drivers.map((driver) => [driver.type, driver]));
    for (const [type, driver] of this.own) if (driver.capabilities.singleton) this.drivers.singletons.set(type, driver);
  }

  natBackend(name: string): NatBackend | undefined {
    return this.find("natBackends", name)?.natBackends?.find((backend) => backend.name === name);
  }

  ipam(name: string): IpamDriver | undefined {
    return this.find("ipam", name)?.ipam?.find((driver) => driver.name === name);
  }

  provider(kind: string): Provider | undefined {
    return this.find("kinds", kind)?.providers?.find(({ kinds }) => kinds.some((one) => one === kind));
  }

  linkKind(type: string): LinkKind | undefined {
    return this.find("linkTypes", type)?.linkKinds?.find((kind) => kind.type === type);
  }

  /** What all extensions bring of one sort, in the order of the alphabet. */
  names(sort: keyof Brought): readonly string[] {
    return [...new Set(this.all().flatMap(({ brought }) => brought[sort]))].sort();
  }

  /** Whether tsd itself or the caller of `openTsd` has one of that name, whatever is installed. */
  readonly isTaken = (sort: keyof Brought, name: string): boolean =>
    this.atHand.some(({ brought }) => brought[sort].includes(name));

  private driver(type: string): NetworkDriver | undefined {
    return this.own.get(type) ?? this.find("drivers", type)?.drivers?.find((driver) => driver.type === type);
  }

  private find(sort: keyof Brought, name: string): Extension | undefined {
    const has = ({ brought }: ExtensionSource): boolean => brought[sort].includes(name);
    return (this.atHand.find(has) ?? this.sources.installed().find(has))?.load();
  }

  private all(): readonly ExtensionSource[] {
    return [...this.atHand, ...this.sources.installed()];
  }
}
