import { Flags } from "@oclif/core";
import type { Container } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { severalArguments } from "./definitions.js";
import { runInForeground } from "./foreground.js";
import { changeFlags, TsdCommand } from "./tsd-command.js";

export default class Start extends TsdCommand {
  static override description = "Starts stopped containers.";
  static override examples = ["<%= config.bin %> start www", "<%= config.bin %> start --attach www"];
  static override args = { container: severalArguments("Name or id of a container; may be several without --attach.") };
  static override flags = {
    attach: Flags.boolean({ char: "a", description: "Stay in the foreground, and exit with the container's code." }),
    ...changeFlags,
  };

  override async run(): Promise<readonly Container[] | number> {
    const { args, flags } = await this.parse(Start);
    if (flags.attach) return this.exitWith(await this.attach(args.container));
    return this.withTsd((tsd) => this.forEachRef(args.container, (ref) => tsd.containers.start(ref)));
  }

  private attach([ref = "", ...others]: readonly string[]): Promise<number> {
    if (others.length > 0) throw refuseSeveral(others.length + 1);
    return this.withTsd((tsd) =>
      runInForeground(tsd, this.surroundings, (onStart) =>
        tsd.containers.startAttached(ref, { streams: this.surroundings.streams(), onStart }),
      ),
    );
  }
}

function refuseSeveral(count: number): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ATTACH_SEVERAL",
    message: `--attach takes one container, and ${count} were named`,
    hint: "Start them without --attach.",
  });
}
