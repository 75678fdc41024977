import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerLife } from "../../api/index.js";

/** How a new container comes to its end, and what follows. */
export const lifeFlags = {
  rm: Flags.boolean({ description: "Remove the container when it ends." }),
};

export function lifeOf(flags: Interfaces.InferredFlags<typeof lifeFlags>): ContainerLife {
  return { autoRemove: flags.rm };
}
