import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Of `netavark_plugin_dirs` in containers.conf(5). The first that has a name brings it. */
export const pluginDirectories: readonly string[] = [
  "/usr/local/libexec/netavark",
  "/usr/libexec/netavark",
  "/usr/local/lib/netavark",
  "/usr/lib/netavark",
];

/** The name of a file, which leads nowhere else. */
export function isPluginName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(name);
}

/** The path of a plug-in's program; undefined where there is none. */
export function pluginFile(name: string): string | undefined {
  return pluginDirectories.map((directory) => join(directory, name)).find(isThere);
}

/** Of all programs that are in these directories. */
export function pluginNames(): readonly string[] {
  const found = pluginDirectories.flatMap((directory) =>
    namesIn(directory).filter((name) => isPluginName(name) && isProgram(join(directory, name))),
  );
  return [...new Set(found)].sort();
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
