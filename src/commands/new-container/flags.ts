import { Flags, type Interfaces } from "@oclif/core";
import { processFlags, repeated } from "../definitions.js";
import { lifeFlags } from "./life.js";
import { limitFlags } from "./limits.js";
import { nameFlags } from "./naming.js";
import { networkFlags } from "./networking.js";
import { privilegeFlags } from "./privileges.js";
import { pullFlags } from "./pulling.js";
import { storageFlags } from "./storage.js";

/** Flags of `create` and `run`: everything that a new container can be asked for. */
export const containerFlags = {
  ...processFlags,
  ...lifeFlags,
  name: Flags.string({ description: "Name of the container." }),
  ...networkFlags,
  ...nameFlags,
  "env-file": Flags.string({
    description: "Read variables from a file; may be repeated.",
    helpValue: "FILE",
    ...repeated,
  }),
  ...pullFlags,
  ...storageFlags,
  ...limitFlags,
  ...privilegeFlags,
  label: Flags.string({ char: "l", description: "Label; may be repeated.", helpValue: "KEY=VALUE", ...repeated }),
  "label-file": Flags.string({
    description: "Read labels from a file; may be repeated.",
    helpValue: "FILE",
    ...repeated,
  }),
  entrypoint: Flags.string({ description: "Program to run in place of the image's.", helpValue: "PROGRAM" }),
  rootfs: Flags.string({
    description: "Use a directory as root file system, in place of an image.",
    helpValue: "DIR",
  }),
};

/** Those flags as oclif returns them. */
export type ContainerFlags = Interfaces.InferredFlags<typeof containerFlags>;
