import { Flags } from "@oclif/core";
import { repeated } from "./definitions.js";
import { changeFlags } from "./tsd-command.js";

/** Flags of the commands that remove what nothing uses. */
export const pruneFlags = {
  force: Flags.boolean({ char: "f", description: "Do not ask first." }),
  filter: Flags.string({
    description: "Only those that match, until=24h, label=KEY=VALUE or label!=KEY; may be repeated.",
    helpValue: "KEY=VALUE",
    ...repeated,
  }),
  ...changeFlags,
};
