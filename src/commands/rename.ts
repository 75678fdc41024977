import type { Container } from "../api/index.js";
import { argument } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Rename extends TsdCommand {
  static override description =
    "Gives a container another name. Its neighbours know it by that from then on, and links to it go on to lead there.";
  static override examples = ["<%= config.bin %> rename www front", "<%= config.bin %> rename --dry-run www front"];
  static override args = {
    container: argument("Name or id of a container."),
    name: argument("Its new name."),
  };
  static override flags = changeFlags;

  override async run(): Promise<Container> {
    const { args } = await this.parse(Rename);
    const container = await this.withTsd((tsd) => tsd.containers.rename(args.container, args.name));
    return this.show(container, "");
  }
}
