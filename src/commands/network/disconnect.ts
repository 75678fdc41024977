import { Flags } from "@oclif/core";
import { TsdError } from "../../errors/tsd-error.js";
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
    force: Flags.boolean({ char: "f", description: "What is not on the network is no error." }),
    ...changeFlags,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(NetworkDisconnect);
    await this.withTsd((tsd) =>
      tsd.networks.disconnect(args.container, args.network).catch((error: unknown) => {
        if (!flags.force || !TsdError.is(error, "not-found")) throw error;
      }),
    );
  }
}
