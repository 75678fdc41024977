import type { RotatedKey } from "../../api/index.js";
import { remainingArguments } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ClusterRotateKeys extends TsdCommand {
  static override description =
    "Gives this host another private key in encrypted networks, all that it has or those that are named, and prints each with the new public key. Packets to and from other hosts wait until these know it, a second or so; some may get lost.";
  static override examples = ["<%= config.bin %> cluster rotate-keys", "<%= config.bin %> cluster rotate-keys web"];
  static override args = { network: remainingArguments("Name or id of a network; may be several.") };
  static override flags = { ...changeFlags };

  override async run(): Promise<readonly RotatedKey[]> {
    const { args } = await this.parse(ClusterRotateKeys);
    const rotated = await this.withTsd((tsd) => tsd.cluster.rotateKeys(args.network));
    return this.show(rotated, rotated.map(({ network, publicKey }) => `${network} ${publicKey}\n`).join(""));
  }
}
