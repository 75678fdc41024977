import { Flags, type Interfaces } from "@oclif/core";
import type { ContainerStorage } from "../../api/index.js";
import { absolutePath } from "../absolute-path.js";
import { repeated } from "../definitions.js";
import { refuseForeignWords } from "../foreign-words.js";
import { optional } from "../optional.js";
import type { Surroundings } from "../surroundings.js";
import { parseMountFlag } from "./mount-flag.js";

/** What a new container sees in its file system beside its image. */
export const storageFlags = {
  volume: Flags.string({
    char: "v",
    description: "Show a volume, or a path of the host, in the container; may be repeated.",
    helpValue: "[VOLUME|HOST:]CONTAINER[:ro]",
    ...repeated,
  }),
  mount: Flags.string({
    description: "The same, key by key, and memory: type=volume, bind or tmpfs, source=, target=. May be repeated.",
    helpValue: "KEY=VALUE,...",
    ...repeated,
  }),
  tmpfs: Flags.string({
    description: "Directory in memory; may be repeated.",
    helpValue: "CONTAINER[:size=64m]",
    ...repeated,
  }),
  "volumes-from": Flags.string({
    description: "Mount what another container has mounted; may be repeated.",
    helpValue: "CONTAINER[:ro]",
    ...repeated,
  }),
  "volume-driver": Flags.string({ description: "Accepted as docker has it.", options: ["local"], hidden: true }),
  "storage-opt": Flags.string({ description: "Refused with a sentence.", hidden: true, ...repeated }),
};

export function storageOf(
  flags: Interfaces.InferredFlags<typeof storageFlags>,
  caller: Pick<Surroundings, "cwd">,
): ContainerStorage {
  refuseForeignWords({ "storage-opt": flags["storage-opt"] });
  return {
    volumes: (flags.volume ?? []).map((volume) => absoluteSource(volume, caller)),
    ...optional(
      "mounts",
      flags.mount?.map((mount) => parseMountFlag(mount, caller)),
    ),
    ...optional("tmpfs", flags.tmpfs),
    ...optional("volumesFrom", flags["volumes-from"]),
  };
}

/** `./data:/data` is relative to the caller, whom the library does not know. */
function absoluteSource(volume: string, caller: Pick<Surroundings, "cwd">): string {
  const source = volume.split(":", 1)[0] ?? "";
  return /^\.{1,2}(\/|$)/.test(source) ? `${absolutePath(source, caller)}${volume.slice(source.length)}` : volume;
}
