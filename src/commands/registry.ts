import type { Registry } from "../cli/registry-entry.js";
import { cluster } from "./registry/cluster.js";
import { containers } from "./registry/containers.js";
import { host } from "./registry/host.js";
import { images } from "./registry/images.js";
import { networks } from "./registry/networks.js";
import { plugins } from "./registry/plugins.js";
import { volumes } from "./registry/volumes.js";

/** Every command, without loading one, in the order of the overview. */
export const commands: Registry = {
  ...containers,
  ...networks,
  ...cluster,
  ...volumes,
  ...images,
  ...plugins,
  ...host,
  completion: {
    summary: "Print a completion script for bash, zsh or fish",
    load: async () => ({ default: (await import("./completion.js")).completionOf(commands) }),
  },
};
