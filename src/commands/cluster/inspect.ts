import type { ClusterDetails } from "../../api/index.js";
import { clusterInspect } from "../../presenters/cluster-inspect.js";
import { inspectText } from "../../presenters/inspect-text.js";
import { inspectFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class ClusterInspect extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Prints the cluster as JSON: where its state is, its hosts, and its networks with the blocks of each host and what this host finds wrong with them.";
  static override examples = [
    "<%= config.bin %> cluster inspect",
    "<%= config.bin %> cluster inspect --format '{{json .Networks}}'",
  ];
  static override flags = inspectFlags;

  override async run(): Promise<ClusterDetails> {
    const { flags } = await this.parse(ClusterInspect);
    const details = await this.withTsd((tsd) => tsd.cluster.inspect());
    return this.show(details, inspectText([clusterInspect(details)], flags.format));
  }
}
