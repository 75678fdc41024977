import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { severalArguments, timeFlag } from "./definitions.js";
import { parseSeconds } from "./flag-values.js";
import { optional } from "./optional.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Stop extends TsdCommand {
  /** A signal waits for no other command. */
  protected override readonly leftWork = "if-idle";
  static override description = "Asks containers to end, kills those that do not, and releases all that they held.";
  static override examples = ["<%= config.bin %> stop www", "<%= config.bin %> stop --time 2 www db"];
  static override args = { container: severalArguments("Name or id of a container; may be several.") };
  static override flags = {
    time: timeFlag,
    signal: Flags.string({
      char: "s",
      description: "What to send first, in place of the container's own.",
      helpValue: "SIGNAL",
    }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Container[]> {
    const { args, flags } = await this.parse(Stop);
    const seconds = flags.time === undefined ? undefined : parseSeconds(flags.time);
    const options = { timeout: seconds, ...optional("stopSignal", flags.signal) };
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.stop(ref, options)));
  }
}
