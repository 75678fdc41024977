import { Flags } from "@oclif/core";
import type { Volume } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class VolumeRm extends TsdCommand {
  static override description = "Removes volumes that no container has, with their data, and prints the name of each.";
  static override examples = ["<%= config.bin %> volume rm data", "<%= config.bin %> volume rm --force data scratch"];
  static override args = { volume: severalArguments("Name of a volume; may be several.") };
  static override flags = {
    force: Flags.boolean({ char: "f", description: "A volume that does not exist is no error." }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Volume[]> {
    const { args, flags } = await this.parse(VolumeRm);
    return this.withTsd((tsd) =>
      this.forEachRef(args.volume, (ref) =>
        tsd.volumes.remove(ref).catch((error: unknown) => {
          if (flags.force && TsdError.is(error, "not-found")) return undefined;
          throw error;
        }),
      ),
    );
  }
}
