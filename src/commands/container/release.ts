import { argument } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

/** The exit command that conmon(8) is given: it runs when a detached container's process has ended. */
export default class ContainerRelease extends TsdCommand {
  /** When many containers end at once, each of their exit commands sees to its own. */
  protected override readonly leftWork = "leave";
  static override description = "Gives back what an ended container held. Its supervisor calls this; people need not.";
  static override args = { id: argument("Id of the container.") };

  override async run(): Promise<void> {
    const { args } = await this.parse(ContainerRelease);
    await this.withTsd((tsd) => tsd.containers.release(args.id));
  }
}
