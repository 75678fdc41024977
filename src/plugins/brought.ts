import type { Extension } from "../api/index.js";

/** What an extension brings, by name: enough to find who has it without loading the extension. */
export interface Brought {
  readonly drivers: readonly string[];
  readonly natBackends: readonly string[];
  readonly ipam: readonly string[];
  /** Kinds of resources. */
  readonly kinds: readonly string[];
  readonly linkTypes: readonly string[];
}

export function broughtBy({
  drivers = [],
  natBackends = [],
  ipam = [],
  providers = [],
  linkKinds = [],
}: Extension): Brought {
  return {
    drivers: drivers.map(({ type }) => type),
    natBackends: natBackends.map(({ name }) => name),
    ipam: ipam.map(({ name }) => name),
    kinds: providers.flatMap(({ kinds }) => kinds),
    linkTypes: linkKinds.map(({ type }) => type),
  };
}
