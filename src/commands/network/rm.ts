import { Flags } from "@oclif/core";
import type { Network, RemovalOptions, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { forgottenLines } from "../../presenters/forgotten-lines.js";
import { severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkRm extends TsdCommand {
  static override description = "Removes networks that nothing uses, and prints the name of each.";
  static override examples = ["<%= config.bin %> network rm web", "<%= config.bin %> network rm --force web db"];
  static override args = { network: severalArguments("Name or id of a network; may be several.") };
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description: "Give up what only a plug-in removes that is gone; a network that does not exist is no error.",
    }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Network[]> {
    const { args, flags } = await this.parse(NetworkRm);
    return this.withTsd((tsd) =>
      this.forEachRef(args.network, (ref) =>
        this.remove(tsd, ref, { force: flags.force }).catch((error: unknown) => {
          if (flags.force && TsdError.is(error, "not-found")) return undefined;
          throw error;
        }),
      ),
    );
  }

  private async remove(tsd: Tsd, ref: string, options: RemovalOptions): Promise<Network> {
    const removed = await tsd.networks.remove(ref, options);
    this.printError(forgottenLines(`network ${removed.name}`, removed));
    return removed;
  }
}
