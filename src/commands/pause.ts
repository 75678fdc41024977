import type { Container } from "../api/index.js";
import { severalArguments } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Pause extends TsdCommand {
  static override description = "Stops all processes of containers where they are, until unpause lets them go on.";
  static override examples = ["<%= config.bin %> pause www", "<%= config.bin %> pause www db"];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = { ...changeFlags };

  override async run(): Promise<readonly Container[]> {
    const { args } = await this.parse(Pause);
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.pause(ref)));
  }
}
