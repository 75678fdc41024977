import type { Descriptions, Plugin } from "../../api/index.js";
import type { Brought } from "../brought.js";
import { isPackageName, type Manifest } from "./manifest.js";
import { pluginError } from "./plugin-error.js";
import type { Probed } from "./probe.js";

type Described = Pick<Plugin, "name" | "version" | "apiVersion" | keyof Brought>;

/** Names of drivers and the like become words of a command line. */
const plainName = /^[a-z0-9][\w.-]{0,62}$/i;

/**
 * What a plug-in is, by its package.json and by what it proved to be. `from` names it in errors. Throws `plugin` where these
 * differ, and for a name that is no plain word.
 */
export function describePlugin({ name, apiVersion, brought }: Probed, from: string, manifest?: Manifest): Described {
  if (manifest !== undefined && name !== manifest.name) {
    throw mismatch(manifest.name, `calls itself "${name}" in its module, and otherwise in its package.json`);
  }
  if (!isPackageName(name)) throw mismatch(from, `calls itself "${name}", which is no name of a package`);
  const { drivers, natBackends, ipam, kinds, linkTypes } = brought;
  const odd = [drivers, natBackends, ipam, kinds, linkTypes].flat().find((one) => !plainName.test(one));
  if (odd !== undefined) throw mismatch(name, `brings "${odd}", which is no plain word`);
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
