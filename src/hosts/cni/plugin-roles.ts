/** What tsd has to know of CNI's own plug-ins, since a type says nothing of it; any other is taken for one that makes links. */
const roles: Readonly<Record<string, "chained" | "ipam" | "lan">> = {
  bandwidth: "chained",
  firewall: "chained",
  portmap: "chained",
  sbr: "chained",
  tuning: "chained",
  dhcp: "ipam",
  "host-local": "ipam",
  static: "ipam",
  "host-device": "lan",
  ipvlan: "lan",
  macvlan: "lan",
  vlan: "lan",
};

/**
 * - `chained`: changes the interface that another has made;
 * - `ipam`: leases addresses, and is called by others;
 * - `lan`: its containers are on a network of the host's, and the host itself does not reach them;
 * - `link`: its containers are behind the host.
 */
export type PluginRole = "chained" | "ipam" | "lan" | "link";

export function roleOf(type: string): PluginRole {
  return Object.hasOwn(roles, type) ? (roles[type] as PluginRole) : "link";
}
