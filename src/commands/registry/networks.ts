import type { Registry } from "../../cli/registry-entry.js";

/** Commands on networks, and the names of containers on them. */
export const networks: Registry = {
  "network create": {
    summary: "Create a network",
    load: () => import("../network/create.js"),
  },
  "network ls": {
    summary: "List networks",
    load: () => import("../network/ls.js"),
    aliases: ["network list"],
  },
  "network inspect": {
    summary: "Show networks in full",
    load: () => import("../network/inspect.js"),
  },
  "network exists": {
    summary: "Say by the exit code whether a network exists",
    load: () => import("../network/exists.js"),
  },
  "network rm": {
    summary: "Remove networks",
    load: () => import("../network/rm.js"),
    aliases: ["network remove"],
  },
  "network update": {
    summary: "Change a network that is in use",
    load: () => import("../network/update.js"),
  },
  "network prune": {
    summary: "Remove all networks that nothing uses",
    load: () => import("../network/prune.js"),
  },
  "network connect": {
    summary: "Put a container or a namespace on a network",
    load: () => import("../network/connect.js"),
  },
  "network disconnect": {
    summary: "Take a container or a namespace off a network",
    load: () => import("../network/disconnect.js"),
  },
  names: {
    summary: "List the names by which containers know each other",
    load: () => import("../names.js"),
    aliases: ["network names"],
  },
};
