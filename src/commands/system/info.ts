import type { SystemInfo } from "../../api/index.js";
import { inspectText } from "../../presenters/inspect-text.js";
import { systemInfoText } from "../../presenters/system-info.js";
import { dockerInfo } from "../../presenters/version-info.js";
import { inspectFlags } from "../definitions.js";
import { readMachine } from "../machine.js";
import { TsdCommand } from "../tsd-command.js";

export default class SystemInfoCommand extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Prints versions, backends, paths and counts.";
  static override examples = [
    "<%= config.bin %> system info",
    "<%= config.bin %> system info --json",
    "<%= config.bin %> system info --format '{{.nat.backend}} {{.ServerVersion}}'",
  ];
  static override flags = inspectFlags;

  override async run(): Promise<SystemInfo> {
    const { flags } = await this.parse(SystemInfoCommand);
    const info = await this.withTsd((tsd) => tsd.system.info());
    return this.show(
      info,
      flags.format === undefined ? systemInfoText(info) : inspectText([dockerInfo(info, readMachine())], flags.format),
    );
  }
}
