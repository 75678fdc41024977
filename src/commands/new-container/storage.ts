import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerStorage } from "../../api/index.js";
import { absolutePath } from "../absolute-path.js";
import { repeated } from "../definitions.js";
import type { Surroundings } from "../surroundings.js";

/** What a new container sees in its file system beside its image. */
export const storageFlags = {
  volume: Flags.string({
    char: "v",
    description: "Show a path of the host in the container; may be repeated.",
    helpValue: "HOST:CONTAINER[:ro]",
    ...repeated,
  }),
};

export function storageOf(
  flags: Interfaces.InferredFlags<typeof storageFlags>,
  caller: Pick<Surroundings, "cwd">,
): ContainerStorage {
  return { volumes: (flags.volume ?? []).map((volume) => absoluteSource(volume, caller)) };
}

/** `./data:/data` is relative to the caller, whom the library does not know. */
function absoluteSource(volume: string, caller: Pick<Surroundings, "cwd">): string {
  const source = volume.split(":", 1)[0] ?? "";
  return /^\.{1,2}(\/|$)/.test(source) ? `${absolutePath(source, caller)}${volume.slice(source.length)}` : volume;
}
