import { Flags } from "@oclif/core";
import { inspectText } from "../../presenters/inspect-text.js";
import { networkInspect } from "../../presenters/network-inspect.js";
import { inspectFlags, severalArguments } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class NetworkInspect extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Prints networks and what is attached to them as JSON, in docker's shape.";
  static override examples = [
    "<%= config.bin %> network inspect web",
    "<%= config.bin %> network inspect --format '{{json .Containers}}' web",
  ];
  static override args = { network: severalArguments("Name or id of a network; may be several.") };
  static override flags = {
    ...inspectFlags,
    verbose: Flags.boolean({ char: "v", description: "Accepted as docker has it; all is shown.", hidden: true }),
  };

  override async run(): Promise<readonly unknown[]> {
    const { args, flags } = await this.parse(NetworkInspect);
    const networks = await this.withTsd(async (tsd) => {
      const shown: object[] = [];
      for (const ref of args.network) shown.push(networkInspect(await tsd.networks.overview(ref)));
      return shown;
    });
    return this.show(networks, inspectText(networks, flags.format));
  }
}
