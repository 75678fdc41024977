import type { Plugin } from "../../api/index.js";
import type { ExtensionSource } from "../extension-catalogue.js";
import { broughtOf } from "./brought-of.js";
import { extensionOf } from "./extension-of.js";
import { loadModule } from "./load-module.js";
import { requireOwnFiles } from "./own-files.js";
import { pluginDirectory } from "./plugin-directory.js";
import { installedPlugins, type Settings } from "./plugin-records.js";

interface Installation {
  readonly settings: Pick<Settings, "list">;
  /** Where plug-ins are kept. */
  readonly directory: string;
}

/** What is installed at the moment of each call. */
export function installedSources({ settings, directory }: Installation): () => readonly ExtensionSource[] {
  const load = (plugin: Plugin): unknown => {
    const { name } = plugin;
    const entry = `${pluginDirectory(directory, plugin)}/${plugin.entry}`;
    requireOwnFiles(entry, name);
    return loadModule({ entry, name }, extensionOf);
  };
  return () =>
    installedPlugins(settings).map((plugin) => ({
      name: plugin.name,
      brought: broughtOf(plugin),
      load: () => load(plugin),
    }));
}
