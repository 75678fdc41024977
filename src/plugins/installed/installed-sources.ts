import { isDeepStrictEqual } from "node:util";
import type { Extension, Plugin } from "../../api/index.js";
import { type Brought, broughtBy } from "../brought.js";
import type { ExtensionSource } from "../extension-catalogue.js";
import { broughtOf } from "./brought-of.js";
import { loadExtension } from "./load-extension.js";
import { requireOwnFiles } from "./own-files.js";
import { pluginDirectory } from "./plugin-directories.js";
import { pluginError } from "./plugin-error.js";
import { installedPlugins, type Settings } from "./plugin-records.js";

interface Installation {
  readonly settings: Pick<Settings, "list">;
  /** Where plug-ins are kept. */
  readonly directory: string;
  /** A directory of this package. */
  readonly own: string;
}

/** What is installed at the moment of each call; one plug-in is loaded once. */
export function installedSources({ settings, directory, own }: Installation): () => readonly ExtensionSource[] {
  const loaded = new Map<string, Extension>();
  const load = (plugin: Plugin): Extension => {
    const { name } = plugin;
    const entry = `${pluginDirectory(directory, plugin)}/${plugin.entry}`;
    const known = loaded.get(entry);
    if (known !== undefined) return known;
    requireOwnFiles(entry, name);
    const extension = loadExtension({ entry, name, own });
    if (!isDeepStrictEqual(sorted(broughtBy(extension)), sorted(broughtOf(plugin)))) throw changed(name);
    loaded.set(entry, extension);
    return extension;
  };
  return () =>
    installedPlugins(settings).map((plugin) => ({
      name: plugin.name,
      brought: broughtOf(plugin),
      load: () => load(plugin),
    }));
}

/** The same whatever the order. */
function sorted(brought: Brought): Brought {
  const entries = Object.entries(brought) as readonly (readonly [string, readonly string[]])[];
  return Object.fromEntries(entries.map(([sort, names]) => [sort, names.toSorted()])) as unknown as Brought;
}

function changed(name: string): Error {
  return pluginError(name, {
    code: "TSD_PLUGIN_CHANGED",
    message: `plug-in "${name}" brings something else now than when it was added`,
    hint: "Install it again with tsd plugin add.",
  });
}
