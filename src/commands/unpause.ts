import type { Container } from "../api/index.js";
import { severalArguments } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Unpause extends TsdCommand {
  static override description = "Lets the processes of paused containers go on.";
  static override examples = ["<%= config.bin %> unpause www", "<%= config.bin %> unpause www db"];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = { ...changeFlags };

  override async run(): Promise<readonly Container[]> {
    const { args } = await this.parse(Unpause);
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.unpause(ref)));
  }
}
