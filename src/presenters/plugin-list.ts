import type { Plugin } from "../api/index.js";
import type { ListRow, ListView } from "./list-view.js";

type PluginField = "Name" | "Version" | "Drivers" | "NatBackends" | "Ipam" | "Brings" | "Source" | "Added";

export const pluginView: ListView<PluginField> = {
  headings: {
    Name: "NAME",
    Version: "VERSION",
    Drivers: "DRIVERS",
    NatBackends: "NAT BACKENDS",
    Ipam: "IPAM DRIVERS",
    Brings: "BRINGS",
    Source: "SOURCE",
    Added: "ADDED",
  },
  columns: ["Name", "Version", "Brings", "Source"],
  quiet: "Name",
};

export function pluginRow(plugin: Plugin): ListRow<PluginField> {
  const { name, version, drivers, natBackends, ipam, source, added } = plugin;
  return {
    Name: name,
    Version: version,
    Drivers: Object.keys(drivers).join(", "),
    NatBackends: Object.keys(natBackends).join(", "),
    Ipam: Object.keys(ipam).join(", "),
    Brings: broughtWords(plugin),
    Source: source,
    Added: added,
  };
}

/** `driver ptp, NAT backend vpp`: what a plug-in brings that a user can name. */
export function broughtWords({ drivers, natBackends, ipam }: Pick<Plugin, "drivers" | "natBackends" | "ipam">): string {
  const words = [
    ...Object.keys(drivers).map((name) => `driver ${name}`),
    ...Object.keys(natBackends).map((name) => `NAT backend ${name}`),
    ...Object.keys(ipam).map((name) => `IPAM driver ${name}`),
  ];
  return words.length === 0 ? "nothing that has a name" : words.join(", ");
}
