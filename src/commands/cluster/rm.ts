import { Flags } from "@oclif/core";
import { severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ClusterRm extends TsdCommand {
  static override description =
    "Gives up hosts that are gone for good, with the addresses that they had, and prints the name of each. Other hosts may have these addresses then.";
  static override examples = ["<%= config.bin %> cluster rm north", "<%= config.bin %> cluster rm --force north"];
  static override args = { host: severalArguments("Name of a host; may be several.") };
  static override flags = {
    force: Flags.boolean({ char: "f", description: "Also one that is alive." }),
    ...changeFlags,
  };

  override async run(): Promise<readonly string[]> {
    const { args, flags } = await this.parse(ClusterRm);
    return this.withTsd((tsd) =>
      this.forEachRef(args.host, async (host) => {
        await tsd.cluster.remove(host, { force: flags.force });
        return host;
      }),
    );
  }
}
