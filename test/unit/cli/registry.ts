import type { CommandClass, Registry } from "../../../src/cli/registry-entry.js";

const load = (): Promise<{ readonly default: CommandClass }> => Promise.reject(new Error("look-up loads nothing"));

/** A registry whose commands cannot be loaded. */
export const registry: Registry = {
  "network create": { load, summary: "Make a network" },
  "network ls": { load, summary: "List networks", aliases: ["network list"] },
  ps: { load, summary: "List containers" },
  port: { load, summary: "Show ports", aliases: ["container port"] },
  "port add": { load, summary: "Publish ports", aliases: ["container port add"] },
  run: { load, summary: "Run a command in a new container" },
  "container release": { load, summary: "For conmon", hidden: true },
};
