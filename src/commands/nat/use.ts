import { Flags } from "@oclif/core";
import { argument } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NatUse extends TsdCommand {
  static override description =
    "Moves every rule of every network and port to another packet filter. Connections live on, and new ones are refused at no moment.";
  static override examples = ["<%= config.bin %> nat use iptables", "<%= config.bin %> nat use nftables"];
  static override args = { backend: argument("nftables, iptables or none.") };
  static override flags = {
    force: Flags.boolean({ description: "Give up what a backend holds that is not there any more." }),
    ...changeFlags,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(NatUse);
    const backend = await this.withTsd((tsd) => tsd.system.useNat(args.backend, { force: flags.force }));
    this.show(backend, `${backend}\n`);
  }
}
