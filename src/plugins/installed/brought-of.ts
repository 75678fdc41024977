import type { Plugin } from "../../api/index.js";
import type { Brought } from "../brought.js";

export type Names = Pick<Plugin, "drivers" | "natBackends" | "ipam" | "kinds" | "linkTypes">;

export function broughtOf({ drivers, natBackends, ipam, kinds, linkTypes }: Names): Brought {
  return {
    drivers: Object.keys(drivers),
    natBackends: Object.keys(natBackends),
    ipam: Object.keys(ipam),
    kinds,
    linkTypes,
  };
}
