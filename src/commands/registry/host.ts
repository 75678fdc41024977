import type { Registry } from "../../cli/registry-entry.js";

/** Commands on the host as a whole. */
export const host: Registry = {
  ports: {
    summary: "List the published ports of the host",
    load: () => import("../ports.js"),
  },
  "system info": {
    summary: "Show versions, backends and paths",
    load: () => import("../system/info.js"),
    aliases: ["info"],
  },
  version: {
    summary: "Show the versions of tsd and of what it runs",
    load: () => import("../version.js"),
  },
  "system df": {
    summary: "Show what tsd has on the disk",
    load: () => import("../system/df.js"),
  },
  "system service": {
    summary: "Serve docker's clients",
    load: () => import("../system/service.js"),
  },
  "system page": {
    summary: "Serve a page that shows the host as it is",
    load: () => import("../system/page.js"),
  },
  "system prune": {
    summary: "Remove what nothing uses",
    load: () => import("../system/prune.js"),
  },
  events: {
    summary: "Print what happens, as it happens",
    load: () => import("../events.js"),
    aliases: ["system events"],
  },
  agent: {
    summary: "Keep networks that span hosts in line with the cluster",
    load: () => import("../agent.js"),
  },
  doctor: {
    summary: "Look for what is in the way, and not tsd's to change",
    load: () => import("../doctor.js"),
  },
  explain: {
    summary: "Tell the way of a packet, and whether it arrives",
    load: () => import("../explain.js"),
  },
  capture: {
    summary: "Capture a container's packets",
    load: () => import("../capture.js"),
  },
  map: {
    summary: "Draw the host's networks and who is on them",
    load: () => import("../map.js"),
  },
  check: {
    summary: "Compare the machine with what tsd made",
    load: () => import("../check.js"),
  },
  reload: {
    summary: "Repair what differs from what tsd made",
    load: () => import("../reload.js"),
    aliases: ["network reload"],
  },
  gc: {
    summary: "Free what was left over and nobody claims",
    load: () => import("../gc.js"),
    aliases: ["system gc"],
  },
  "system init": {
    summary: "Set what holds for the host as a whole",
    load: () => import("../system/init.js"),
  },
  "nat use": {
    summary: "Move all rules to another packet filter",
    load: () => import("../nat/use.js"),
  },
};
