import { Flags } from "@oclif/core";
import type { RemovalOptions, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { forgottenLines } from "../../presenters/forgotten-lines.js";
import { argument, severalArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkDisconnect extends TsdCommand {
  static override description =
    "Takes containers or network namespaces off a network. One that cannot leave keeps the others from nothing.";
  static override examples = [
    "<%= config.bin %> network disconnect web www",
    "<%= config.bin %> network disconnect web www db",
    "<%= config.bin %> network disconnect --force web netns:lab",
  ];
  static override args = {
    network: argument("Name or id of a network."),
    container: severalArguments("Name or id of a container; or netns:NAME, netns:PATH or pid:NUMBER; may be several."),
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
    const { force } = flags;
    await this.withTsd((tsd) =>
      this.forEachRef(args.container, (container) =>
        this.disconnect(tsd, container, { network: args.network, force }).catch((error: unknown) => {
          if (!force || !TsdError.is(error, "not-found")) throw error;
        }),
      ),
    );
  }

  private async disconnect(
    tsd: Tsd,
    container: string,
    { network, ...options }: RemovalOptions & { readonly network: string },
  ): Promise<undefined> {
    const outcome = await tsd.networks.disconnect(container, network, options);
    this.printError(forgottenLines(container, outcome));
  }
}
