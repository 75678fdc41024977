import { Flags } from "@oclif/core";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class ClusterLeave extends TsdCommand {
  static override description =
    "Leaves the cluster with the networks that no container here uses any more. They stay for the other hosts.";
  static override examples = ["<%= config.bin %> cluster leave", "<%= config.bin %> cluster leave --force"];
  static override flags = {
    force: Flags.boolean({
      char: "f",
      description:
        "Also where the state of the cluster cannot be reached; later commands give up what it has of this host.",
    }),
    ...changeFlags,
  };

  override async run(): Promise<{ readonly left: true }> {
    const { flags } = await this.parse(ClusterLeave);
    await this.withTsd((tsd) => tsd.cluster.leave({ force: flags.force }));
    return this.show({ left: true }, "");
  }
}
