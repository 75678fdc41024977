import type { Ecosystem } from "../../contracts/ecosystem.js";
import { NetavarkDriver } from "./netavark-driver.js";
import { isPluginName, pluginNames } from "./plugin-files.js";

const prefix = "netavark";

/** Plug-ins of netavark, which podman calls for networks of other drivers than its own. `directory` is for what they reply. */
export function netavark(directory: string): Ecosystem {
  return {
    prefix,
    kinds: ["netavark-network", "netavark-endpoint"],
    provider: async () => new (await import("./netavark-provider.js")).NetavarkProvider(),
    driver(name) {
      const [first, plugin = "", ...rest] = name.split(":");
      if (first !== prefix || rest.length > 0 || !isPluginName(plugin)) return undefined;
      return new NetavarkDriver(plugin, directory);
    },
    found: () => ({ drivers: pluginNames().map((plugin) => `${prefix}:${plugin}`), ipam: [] }),
  };
}
