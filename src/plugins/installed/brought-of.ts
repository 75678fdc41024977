import type { Plugin } from "../../api/index.js";
import type { Brought } from "../brought.js";
import type { Bringer } from "../refuse-duplicates.js";

export function broughtOf({ drivers, natBackends, ipam, kinds, linkTypes }: Plugin): Brought {
  return {
    drivers: Object.keys(drivers),
    natBackends: Object.keys(natBackends),
    ipam: Object.keys(ipam),
    kinds,
    linkTypes,
  };
}

export function bringerOf(plugin: Plugin): Bringer {
  return { name: plugin.name, brought: broughtOf(plugin) };
}
