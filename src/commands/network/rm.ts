import { Flags } from "@oclif/core";
import type { Network } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkRm extends TsdCommand {
  static override description = "Removes networks that nothing uses, and prints the name of each.";
  static override examples = ["<%= config.bin %> network rm web", "<%= config.bin %> network rm --force web db"];
  static override args = { network: severalArguments("Name or id of a network; may be several.") };
  static override flags = {
    force: Flags.boolean({ char: "f", description: "A network that does not exist is no error." }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Network[]> {
    const { args, flags } = await this.parse(NetworkRm);
    return this.withTsd((tsd) =>
      this.forEachRef(args.network, (ref) =>
        tsd.networks.remove(ref).catch((error: unknown) => {
          if (flags.force && TsdError.is(error, "not-found")) return undefined;
          throw error;
        }),
      ),
    );
  }
}
