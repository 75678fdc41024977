import { type CniVersion, isAtLeast } from "../../contracts/cni-version.js";
import type { CniList, CniPlugin, JsonObject } from "./resources.js";

interface Derivation {
  readonly version: CniVersion;
  /** Of the plug-in before, or the last one's. */
  readonly previous?: JsonObject | undefined;
  readonly capabilities?: JsonObject;
  readonly more?: JsonObject;
}

/** What a plug-in of a list gets on standard input (SPEC.md, "Deriving execution configuration from plugin configuration"). */
export function pluginInput(list: CniList, plugin: CniPlugin, { version, ...derivation }: Derivation): JsonObject {
  const { capabilities, runtimeConfig: _runtime, prevResult: _previous, ...own } = plugin;
  const { previous, more } = derivation;
  const args = capableOf(plugin, derivation.capabilities ?? {});
  return {
    ...own,
    cniVersion: version,
    name: list.name,
    ...(Object.keys(args).length === 0 ? {} : { runtimeConfig: args }),
    ...(previous === undefined ? {} : { prevResult: { ...previous, cniVersion: version } }),
    ...more,
  };
}

/** Whether a plug-in of the list says so. */
export function isCapable({ plugins }: CniList, capability: string): boolean {
  return plugins.some((plugin) => capabilitiesOf(plugin)[capability] === true);
}

function capableOf(plugin: CniPlugin, given: JsonObject): JsonObject {
  const capable = capabilitiesOf(plugin);
  return Object.fromEntries(Object.entries(given).filter(([name]) => capable[name] === true));
}

function capabilitiesOf({ capabilities }: CniPlugin): JsonObject {
  return typeof capabilities === "object" && capabilities !== null ? (capabilities as JsonObject) : {};
}

/** From this version on DEL gets the result of ADD, and there is CHECK. */
export function hasCheck(version: CniVersion): boolean {
  return isAtLeast(version, "0.4.0");
}

export function hasGc(version: CniVersion): boolean {
  return isAtLeast(version, "1.1.0");
}
