import { TsdError } from "../../api/index.js";

/** What tsd has to know of CNI's own plug-ins, since a type says nothing of it. */
const roles: Readonly<Record<string, Exclude<PluginRole, "other">>> = {
  bandwidth: "chained",
  firewall: "chained",
  loopback: "chained",
  portmap: "chained",
  sbr: "chained",
  tuning: "chained",
  vrf: "chained",
  dhcp: "ipam",
  "host-local": "ipam",
  static: "ipam",
  "host-device": "lan",
  ipvlan: "lan",
  macvlan: "lan",
  vlan: "lan",
  bridge: "link",
  dummy: "link",
  ptp: "link",
  tap: "link",
};

/**
 * - `chained`: changes an interface that exists already;
 * - `ipam`: leases addresses, and is called by others;
 * - `lan`: its containers are on a network of the host's, and the host itself does not reach them;
 * - `link`: its containers are behind the host;
 * - `other`: none of CNI's own. As a driver it is taken for one that makes links, and as an IPAM for one that leases addresses.
 */
export type PluginRole = "chained" | "ipam" | "lan" | "link" | "other";

export function roleOf(type: string): PluginRole {
  return Object.hasOwn(roles, type) ? (roles[type] as PluginRole) : "other";
}

/** CNI's own plug-ins. */
export const ownTypes = Object.keys(roles);

const does = {
  chained: "changes an interface that exists already",
  ipam: "leases addresses",
  lan: "makes interfaces",
  link: "makes interfaces",
};
const inList = "Name it in a list of plug-ins: --driver cni -o conflist=FILE";

/** Throws `invalid-input` for a plug-in that makes no network by itself. */
export function requireMakesNetwork(plugin: string): void {
  const role = roleOf(plugin);
  if (role !== "chained" && role !== "ipam") return;
  const isIpam = role === "ipam" && plugin !== "dhcp";
  throw unfit(plugin, `${does[role]}, and makes no network by itself`, isIpam ? asIpam(plugin) : inList);
}

/** Throws `invalid-input` for a plug-in that, asked for an address, would ask itself. */
export function requireLeases(plugin: string): void {
  const role = roleOf(plugin);
  if (role === "other" || role === "ipam") return;
  const hint = role === "chained" ? inList : `Use it as the network's driver: --driver cni:${plugin}`;
  throw unfit(plugin, `${does[role]}, and leases no addresses`, hint);
}

function asIpam(plugin: string): string {
  return `Use it for the addresses of another: --ipam-driver cni:${plugin}`;
}

function unfit(plugin: string, what: string, hint: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_TYPE",
    message: `the CNI plug-in "${plugin}" ${what}`,
    hint,
    details: { plugin },
  });
}
