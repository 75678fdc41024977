import type { Ecosystem } from "../../contracts/ecosystem.js";
import { AddressDriver } from "./address-driver.js";
import { installedTypes } from "./installed-types.js";
import { ListDriver } from "./list-driver.js";
import { PluginDriver } from "./plugin-driver.js";
import { roleOf } from "./plugin-roles.js";
import { isPluginName } from "./search-path.js";

/** What the machine says beside its plug-ins. */
interface Surroundings {
  /** Value of the variable CNI_PATH. */
  readonly path: string | undefined;
  /** For state of this boot. */
  readonly run: string;
}

/** Plug-ins of CNI, the Container Network Interface, version 0.3.0 to 1.1.0 of its specification. */
export function cni({ path, run }: Surroundings): Ecosystem {
  const directory = `${run}/cni`;
  return {
    prefix: "cni",
    kinds: ["cni-network", "cni-attachment"],
    provider: async () => new (await import("./cni-provider.js")).CniProvider({ directory }),
    driver(name) {
      if (name === "cni") return new ListDriver(path);
      const type = typeOf(name);
      return type === undefined ? undefined : new PluginDriver(type, path);
    },
    ipam(name) {
      const type = typeOf(name);
      if (type === undefined) return undefined;
      const calls = async () => (await import("./address-calls.js")).addressCalls;
      return new AddressDriver(type, { variable: path, calls });
    },
    found() {
      const types = installedTypes(path);
      const called = (type: string): string => `cni:${type}`;
      return {
        drivers: ["cni", ...types.filter((type) => ["lan", "link", "other"].includes(roleOf(type))).map(called)],
        ipam: types.filter((type) => roleOf(type) === "ipam" && type !== "dhcp").map(called),
      };
    },
  };
}

function typeOf(name: string): string | undefined {
  const type = name.startsWith("cni:") ? name.slice("cni:".length) : "";
  return isPluginName(type) ? type : undefined;
}
