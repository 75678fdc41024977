import { inspectText } from "../presenters/inspect-text.js";
import { versionInfo, versionText } from "../presenters/version-info.js";
import { inspectFlags } from "./definitions.js";
import { readMachine } from "./machine.js";
import { TsdCommand } from "./tsd-command.js";

export default class Version extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints the versions of tsd and of what it runs. A format has docker's shape, in which Client and Server are one program.";
  static override examples = ["<%= config.bin %> version", "<%= config.bin %> version --format '{{.Server.Version}}'"];
  static override flags = inspectFlags;

  override async run(): Promise<unknown> {
    const { flags } = await this.parse(Version);
    const info = await this.withTsd((tsd) => tsd.system.info());
    const machine = readMachine();
    const versions = versionInfo(info, machine);
    return this.show(
      versions,
      flags.format === undefined ? versionText(info, machine) : inspectText([versions], flags.format),
    );
  }
}
