import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { severalArguments } from "./definitions.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Kill extends TsdCommand {
  /** A signal waits for no other command. */
  protected override readonly leftWork = "if-idle";
  static override description = "Sends a signal to containers.";
  static override examples = ["<%= config.bin %> kill www", "<%= config.bin %> kill --signal HUP www"];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = {
    signal: Flags.string({ char: "s", description: "Name or number of the signal.", default: "KILL" }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Container[]> {
    const { args, flags } = await this.parse(Kill);
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.kill(ref, flags.signal)));
  }
}
