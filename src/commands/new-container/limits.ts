import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerLimits } from "../../api/index.js";
import { parseCpus, parseMemory } from "../flag-values.js";
import { optional } from "../optional.js";

/** What of the machine a new container may use. */
export const limitFlags = {
  memory: Flags.string({ char: "m", description: "Limit of memory, 512m or 1g.", helpValue: "SIZE" }),
  cpus: Flags.string({ description: "Limit of processor time, 0.5 or 2.", helpValue: "NUMBER" }),
  "cpuset-cpus": Flags.string({ description: "Processors to run on, 0-2,4.", helpValue: "LIST" }),
};

export function limitsOf(flags: Interfaces.InferredFlags<typeof limitFlags>): ContainerLimits {
  return {
    ...optional("memory", flags.memory === undefined ? undefined : parseMemory(flags.memory)),
    ...optional("cpus", flags.cpus === undefined ? undefined : parseCpus(flags.cpus)),
    ...optional("cpuset", flags["cpuset-cpus"]),
  };
}
