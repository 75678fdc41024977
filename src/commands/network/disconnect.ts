import { Flags } from "@oclif/core";
import { TsdError } from "../../errors/tsd-error.js";
import { argument } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class NetworkDisconnect extends TsdCommand {
  static override description = "The namespace stays. Ports move to the network that the default route leads to then.";
  static override examples = [
    "<%= config.bin %> network disconnect web www",
    "<%= config.bin %> network disconnect web netns:lab",
  ];
  static override args = {
    network: argument("Name or id of a network."),
    container: argument("Name or id of a container; or netns:PATH, netns:NAME, pid:NUMBER."),
  };
  static override flags = {
    force: Flags.boolean({ char: "f", description: "No error for what is not connected." }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(NetworkDisconnect);
    await this.withTsd(async (tsd) => {
      try {
        await tsd.networks.disconnect(args.container, args.network);
      } catch (error) {
        if (!flags.force || !TsdError.is(error, "not-found")) throw error;
      }
    });
  }
}
