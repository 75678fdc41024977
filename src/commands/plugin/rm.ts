import { Flags } from "@oclif/core";
import type { Plugin } from "../../api/index.js";
import { severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class PluginRm extends TsdCommand {
  static override description = "Removes plug-ins that no network uses, and prints the name of each.";
  static override examples = ["<%= config.bin %> plugin rm my-driver", "<%= config.bin %> plugin rm --force my-driver"];
  static override args = { plugin: severalArguments("Name of a plug-in; may be several.") };
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description: "Remove it although networks use it; these can only be removed then.",
    }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Plugin[]> {
    const { args, flags } = await this.parse(PluginRm);
    return this.withTsd((tsd) =>
      this.forEachRef(args.plugin, (name) => tsd.plugins.remove(name, { force: flags.force })),
    );
  }
}
