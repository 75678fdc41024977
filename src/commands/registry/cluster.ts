import type { Registry } from "../../cli/registry-entry.js";

/** Commands on the hosts that share networks. */
export const cluster: Registry = {
  "cluster join": {
    summary: "Join the hosts that share networks",
    load: () => import("../cluster/join.js"),
  },
  "cluster ls": {
    summary: "List the hosts of the cluster",
    load: () => import("../cluster/ls.js"),
    aliases: ["cluster list"],
  },
  "cluster inspect": {
    summary: "Show the cluster in full",
    load: () => import("../cluster/inspect.js"),
  },
  "cluster leave": {
    summary: "Leave the cluster",
    load: () => import("../cluster/leave.js"),
  },
  "cluster rm": {
    summary: "Give up hosts that are gone",
    load: () => import("../cluster/rm.js"),
    aliases: ["cluster remove"],
  },
  "cluster rotate-keys": {
    summary: "Give this host other keys in encrypted networks",
    load: () => import("../cluster/rotate-keys.js"),
  },
};
