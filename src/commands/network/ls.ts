import type { Network } from "../../api/index.js";
import { renderList } from "../../presenters/list-view.js";
import { networkRow, networkView } from "../../presenters/network-list.js";
import { filterFlag, listFlags } from "../definitions.js";
import { hasLabel, type Matchers, makeFilter } from "../filters.js";
import { TsdCommand } from "../tsd-command.js";

const matchers: Matchers<Network> = {
  driver: ({ driver }, value) => driver === value,
  id: ({ id }, value) => id.startsWith(value),
  label: ({ labels }, value) => hasLabel(labels, value),
  name: ({ name }, value) => name.includes(value),
};

export default class NetworkLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists networks. Filters: driver, id, label, name.";
  static readonly filterKeys = Object.keys(matchers);
  static override examples = [
    "<%= config.bin %> network ls",
    "<%= config.bin %> network ls --filter driver=bridge --quiet",
    "<%= config.bin %> network ls --format '{{.Name}} {{.Subnet}}'",
  ];
  static override flags = { ...listFlags, filter: filterFlag };

  override async run(): Promise<readonly Network[]> {
    const { flags } = await this.parse(NetworkLs);
    const matches = makeFilter(flags.filter, matchers);
    const networks = (await this.withTsd((tsd) => tsd.networks.list())).filter(matches);
    const rows = networks.map((network) => networkRow(network, { full: flags["no-trunc"] }));
    return this.show(networks, renderList(rows, networkView, { ...flags, colour: this.colour }));
  }
}
