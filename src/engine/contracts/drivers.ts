import type { NetworkDriver } from "../../api/index.js";

/** Network drivers by the word after `--driver`. */
export interface Drivers {
  /** Loads the plug-in that brings it, where that is not loaded yet. Throws `plugin` where it fails. */
  get(type: string): NetworkDriver | undefined;
  /** Of all, loaded or not, in the order of the alphabet. */
  names(): readonly string[];
  /** Name of the extension of others that brings it; undefined for tsd's own, and for one that none brings. */
  extensionOf(type: string): string | undefined;
  /** Those with one network only, which are all tsd's own; see {@link NetworkDriver.capabilities}. */
  readonly singletons: ReadonlyMap<string, NetworkDriver>;
}
