import type { Plugin } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { installedPlugins, type Settings } from "./plugin-records.js";

/** The plug-in of that name. Throws `not-found`. */
export function requirePlugin(settings: Pick<Settings, "list">, name: string): Plugin {
  const plugin = installedPlugins(settings).find((one) => one.name === name);
  if (plugin !== undefined) return plugin;
  throw new TsdError({
    kind: "not-found",
    code: "TSD_PLUGIN_NOT_FOUND",
    message: `no plug-in "${name}" is installed`,
    hint: "See tsd plugin ls.",
    details: { plugin: name },
  });
}
