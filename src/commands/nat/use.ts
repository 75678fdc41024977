import { argument } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NatUse extends TsdCommand {
  static override description =
    "Moves every rule of every network and port to another packet filter. Connections live on, and new ones are refused at no moment.";
  static override examples = ["<%= config.bin %> nat use iptables", "<%= config.bin %> nat use nftables"];
  static override args = { backend: argument("nftables, iptables or none.") };
  static override flags = changeFlags;

  override async run(): Promise<void> {
    const { args } = await this.parse(NatUse);
    const backend = await this.withTsd((tsd) => tsd.system.useNat(args.backend));
    this.show(backend, `${backend}\n`);
  }
}
