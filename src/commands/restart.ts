import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { severalArguments, timeFlag } from "./definitions.js";
import { parseSeconds } from "./flag-values.js";
import { optional } from "./optional.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Restart extends TsdCommand {
  static override description = "Stops containers and starts them again.";
  static override examples = ["<%= config.bin %> restart www", "<%= config.bin %> restart --time 2 www db"];
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
    const { args, flags } = await this.parse(Restart);
    const seconds = flags.time === undefined ? undefined : parseSeconds(flags.time);
    return this.withTsd((tsd) =>
      this.forEachRef(args.container, (ref) =>
        tsd.containers.restart(ref, { timeout: seconds, ...optional("stopSignal", flags.signal) }),
      ),
    );
  }
}
