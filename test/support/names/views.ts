import type { NameMeaning, NameView, NameViews } from "../../../src/contracts/index.js";

/** Names that one sandbox has, and the servers that it asks for all that have a dot. */
export interface Zone {
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly hosts?: Readonly<Record<string, string>>;
  readonly upstream?: readonly string[];
  /** A domain behind whose names those of the sandbox stand. */
  readonly search?: string;
}

export function viewOf({ names = {}, hosts = {}, upstream = [], search = "" }: Zone): NameView {
  return {
    meaning: (name): NameMeaning => {
      const addresses = Object.hasOwn(names, name) ? names[name] : undefined;
      if (addresses !== undefined) return { kind: "known", addresses };
      return { kind: name.includes(".") ? "foreign" : "unknown" };
    },
    searched: (name) => (name.endsWith(`.${search}`) ? names[name.slice(0, -search.length - 1)] : undefined),
    nameOf: (address) => (Object.hasOwn(hosts, address) ? hosts[address] : undefined),
    upstream: () => upstream,
  };
}

/** Views by namespace, which a test may change. */
export function viewsOf(zones: ReadonlyMap<string, Zone>): NameViews {
  return {
    of: (netns) => {
      const zone = zones.get(netns);
      return zone && viewOf(zone);
    },
    namespaces: () => [...zones.keys()],
  };
}
