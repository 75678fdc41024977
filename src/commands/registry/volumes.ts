import type { Registry } from "../../cli/registry-entry.js";

/** Commands on volumes. */
export const volumes: Registry = {
  "volume create": {
    summary: "Create a volume",
    load: () => import("../volume/create.js"),
  },
  "volume ls": {
    summary: "List volumes",
    load: () => import("../volume/ls.js"),
    aliases: ["volume list"],
  },
  "volume inspect": {
    summary: "Show volumes in full",
    load: () => import("../volume/inspect.js"),
  },
  "volume rm": {
    summary: "Remove volumes",
    load: () => import("../volume/rm.js"),
    aliases: ["volume remove"],
  },
  "volume prune": {
    summary: "Remove volumes that nothing uses",
    load: () => import("../volume/prune.js"),
  },
};
