import { Flags } from "@oclif/core";
import type { ClusterHost } from "../../api/index.js";
import { clusterHostRow, clusterHostView } from "../../presenters/cluster-host-list.js";
import { renderList } from "../../presenters/list-view.js";
import { listFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class ClusterLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists the hosts of the cluster, and the networks that each has.";
  static override examples = [
    "<%= config.bin %> cluster ls",
    "<%= config.bin %> cluster ls --format '{{.Name}} {{.Address}}'",
  ];
  static override flags = {
    ...listFlags,
    quiet: Flags.boolean({ char: "q", description: "Print names only." }),
  };

  override async run(): Promise<readonly ClusterHost[]> {
    const { flags } = await this.parse(ClusterLs);
    const hosts = await this.withTsd((tsd) => tsd.cluster.list());
    const rows = hosts.map(clusterHostRow);
    return this.show(hosts, renderList(rows, clusterHostView, { ...flags, colour: this.colour }));
  }
}
