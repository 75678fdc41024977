import { Flags } from "@oclif/core";
import { printableJson } from "../errors/printable.js";
import { changeLine } from "../presenters/change-line.js";
import { TsdCommand } from "./tsd-command.js";

export default class Events extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints what happens to networks, containers, endpoints and images, a line each, until it is interrupted.";
  static override examples = [
    "<%= config.bin %> events",
    "<%= config.bin %> events --all --no-follow",
    "<%= config.bin %> events --json",
  ];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Print what is in the log, too." }),
    "no-follow": Flags.boolean({ description: "End with the log." }),
    json: Flags.boolean({ description: "Print a line of JSON for each." }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Events);
    await this.withTsd(async (tsd) => {
      for await (const change of tsd.system.events({ all: flags.all, follow: !flags["no-follow"] })) {
        this.print(flags.json ? `${printableJson(change)}\n` : changeLine(change));
      }
    });
  }
}
