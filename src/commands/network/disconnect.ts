import { Flags } from "@oclif/core";
import type { RemovalOptions, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { forgottenLines } from "../../presenters/forgotten-lines.js";
import { argument } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkDisconnect extends TsdCommand {
  static override description = "Takes a container or a network namespace off a network.";
  static override examples = [
    "<%= config.bin %> network disconnect web www",
    "<%= config.bin %> network disconnect --force web netns:lab",
  ];
  static override args = {
    network: argument("Name or id of a network."),
    container: argument("Name or id of a container; or netns:NAME, netns:PATH or pid:NUMBER."),
  };
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description: "Give up what only a plug-in removes that is gone; what is not on the network is no error.",
    }),
    ...changeFlags,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(NetworkDisconnect);
    await this.withTsd((tsd) =>
      this.disconnect(tsd, args, { force: flags.force }).catch((error: unknown) => {
        if (!flags.force || !TsdError.is(error, "not-found")) throw error;
      }),
    );
  }

  private async disconnect(
    tsd: Tsd,
    { container, network }: { readonly container: string; readonly network: string },
    options: RemovalOptions,
  ): Promise<void> {
    const outcome = await tsd.networks.disconnect(container, network, options);
    this.printError(forgottenLines(container, outcome));
  }
}
