import type { Network } from "../../api/index.js";
import { makeFilter } from "../../filters/filters.js";
import { networkFilters } from "../../filters/network-filters.js";
import { renderList } from "../../presenters/list-view.js";
import { networkRow, networkView } from "../../presenters/network-list.js";
import { filterFlag, listFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class NetworkLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = `Lists networks. Filters: ${Object.keys(networkFilters).join(", ")}.`;
  static readonly filterKeys = Object.keys(networkFilters);
  static override examples = [
    "<%= config.bin %> network ls",
    "<%= config.bin %> network ls --filter driver=bridge --quiet",
    "<%= config.bin %> network ls --format '{{.Name}} {{.Subnet}}'",
  ];
  static override flags = { ...listFlags, filter: filterFlag };

  override async run(): Promise<readonly Network[]> {
    const { flags } = await this.parse(NetworkLs);
    const networks = await this.withTsd((tsd) =>
      tsd.networks.list().filter(makeFilter(flags.filter, networkFilters, tsd)),
    );
    const rows = networks.map((network) => networkRow(network, { full: flags["no-trunc"] }));
    return this.show(networks, renderList(rows, networkView, { ...flags, colour: this.colour }));
  }
}
