import type { Registry } from "../../cli/registry-entry.js";

/** Commands on plug-ins. */
export const plugins: Registry = {
  "plugin add": {
    summary: "Install a driver or another plug-in",
    load: () => import("../plugin/add.js"),
    aliases: ["plugin install"],
  },
  "plugin ls": {
    summary: "List plug-ins",
    load: () => import("../plugin/ls.js"),
    aliases: ["plugin list"],
  },
  "plugin inspect": {
    summary: "Show plug-ins in full",
    load: () => import("../plugin/inspect.js"),
  },
  "plugin rm": {
    summary: "Remove plug-ins",
    load: () => import("../plugin/rm.js"),
    aliases: ["plugin remove"],
  },
  "plugin serve": {
    summary: "Serve docker as a network driver",
    load: () => import("../plugin/serve.js"),
  },
  "plugin new": {
    summary: "Write the project of a new driver",
    load: () => import("../plugin/new.js"),
  },
  "plugin verify": {
    summary: "Verify a plug-in by the suite that tsd's own pass",
    load: () => import("../plugin/verify.js"),
  },
};
