import { Flags } from "@oclif/core";
import { wordFilter } from "../filters/filter-values.js";
import { type FilterKeys, makeFilter } from "../filters/filters.js";
import { renderList } from "../presenters/list-view.js";
import { type PublishedPort, publishedPorts, publishedRow, publishedView } from "../presenters/map/published-ports.js";
import { filterFlag, listFlags } from "./definitions.js";
import { TsdCommand } from "./tsd-command.js";

const keys: FilterKeys<PublishedPort> = {
  address:
    (value) =>
    ({ hostAddress }) =>
      hostAddress === value,
  network:
    (value) =>
    ({ network }) =>
      network.name === value || network.id.startsWith(value),
  owner:
    (value) =>
    ({ owner }) =>
      owner.name === value || owner.id.startsWith(value),
  port:
    (value) =>
    ({ hostPort, count }) =>
      Number(value) >= hostPort && Number(value) < hostPort + count,
  protocol:
    (value) =>
    ({ protocol }) =>
      protocol === value,
  status: (value) => {
    const wanted = wordFilter("status", value, ["ok", "drift"]);
    return ({ drift }) => (drift.length === 0 ? "ok" : "drift") === wanted;
  },
};

export default class Ports extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Lists the published ports of the host with their owners, and which of them differ from what tsd made. Filters: address, network, owner, port, protocol, status (ok or drift).";
  static readonly filterKeys = Object.keys(keys);
  static override examples = [
    "<%= config.bin %> ports",
    "<%= config.bin %> ports --filter port=8080",
    "<%= config.bin %> ports --format '{{.Host}} {{.Owner}}'",
  ];
  static override flags = {
    ...listFlags,
    quiet: Flags.boolean({ char: "q", description: "Print addresses and ports only." }),
    filter: filterFlag,
  };

  override async run(): Promise<readonly PublishedPort[]> {
    const { flags } = await this.parse(Ports);
    const matches = makeFilter(flags.filter, keys, undefined);
    const ports = publishedPorts(await this.withTsd((tsd) => tsd.system.map())).filter(matches);
    const rows = ports.map((port) => publishedRow(port, this.surroundings.now()));
    return this.show(ports, renderList(rows, publishedView, { ...flags, colour: this.colour }));
  }
}
