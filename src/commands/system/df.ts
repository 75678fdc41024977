import { Flags } from "@oclif/core";
import type { DiskUsage } from "../../api/index.js";
import { usageDetails, usageText } from "../../presenters/disk-usage.js";
import { jsonFlag, TsdCommand } from "../tsd-command.js";

export default class SystemDf extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints what images, containers and volumes take on the disk, measured without what is mounted in them, and how much of it nothing uses.";
  static override examples = ["<%= config.bin %> system df", "<%= config.bin %> system df --verbose"];
  static override flags = {
    verbose: Flags.boolean({ char: "v", description: "Print each image, container and volume." }),
    format: Flags.string({
      description: "Print each row with a template such as '{{.Type}} {{.Size}}', or json.",
      helpValue: "TEMPLATE",
    }),
    ...jsonFlag,
  };

  override async run(): Promise<DiskUsage> {
    const { flags } = await this.parse(SystemDf);
    const usage = await this.withTsd((tsd) => tsd.diskUsage());
    const { format } = flags;
    const text =
      flags.verbose && format === undefined
        ? usageDetails(usage, this.surroundings.now())
        : usageText(usage, { ...(format === undefined ? {} : { format }), colour: this.colour });
    return this.show(usage, text);
  }
}
