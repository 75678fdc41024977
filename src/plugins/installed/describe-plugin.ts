import type { Descriptions, Plugin } from "../../api/index.js";
import type { Brought } from "../brought.js";
import type { Manifest } from "./manifest.js";
import { pluginError } from "./plugin-error.js";
import type { Probed } from "./probe.js";

type Described = Pick<Plugin, "name" | "version" | "apiVersion" | keyof Brought>;

/** What a plug-in is, by what it proved to be and by its package.json. Throws `plugin` where these differ. */
export function describePlugin({ name, apiVersion, brought }: Probed, manifest?: Manifest): Described {
  if (manifest !== undefined && name !== manifest.name) {
    throw mismatch(manifest.name, `calls itself "${name}" in its module, and otherwise in its package.json`);
  }
  const { drivers, natBackends, ipam, kinds, linkTypes } = brought;
  if ([drivers, natBackends, ipam, kinds, linkTypes].flat().length === 0) throw mismatch(name, "brings nothing");
  return {
    ...{ name, version: manifest?.version ?? "", apiVersion },
    drivers: descriptions("drivers", drivers, name, manifest?.declared?.drivers),
    natBackends: descriptions("nat", natBackends, name, manifest?.declared?.natBackends),
    ipam: descriptions("ipam", ipam, name, manifest?.declared?.ipam),
    kinds,
    linkTypes,
  };
}

/** The declared ones, which must be those that there are; without a declaration, empty ones. */
function descriptions(
  key: string,
  names: readonly string[],
  plugin: string,
  declared: Descriptions | undefined,
): Descriptions {
  if (declared === undefined) return Object.fromEntries(names.map((name) => [name, ""]));
  const missing = Object.keys(declared).find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw mismatch(plugin, `declares "${missing}" under "tsd.${key}" of its package.json, and its module brings none`);
  }
  const undeclared = names.find((name) => !Object.hasOwn(declared, name));
  if (undeclared === undefined) return declared;
  throw mismatch(plugin, `brings "${undeclared}", which "tsd.${key}" of its package.json does not declare`);
}

function mismatch(plugin: string, why: string): Error {
  return pluginError(plugin, {
    code: "TSD_PLUGIN_MISMATCH",
    message: `plug-in "${plugin}" ${why}`,
    hint: "Its author has to correct this.",
  });
}
