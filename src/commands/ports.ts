import { Flags } from "@oclif/core";
import { renderList } from "../presenters/list-view.js";
import { type PublishedPort, publishedPorts, publishedRow, publishedView } from "../presenters/map/published-ports.js";
import { filterFlag, listFlags } from "./definitions.js";
import { type Matchers, makeFilter, plainKeys } from "./filters.js";
import { TsdCommand } from "./tsd-command.js";

const matchers: Matchers<PublishedPort> = {
  address: ({ hostAddress }, value) => hostAddress === value,
  network: ({ network }, value) => network.name === value || network.id.startsWith(value),
  owner: ({ owner }, value) => owner.name === value || owner.id.startsWith(value),
  port: ({ hostPort, count }, value) => Number(value) >= hostPort && Number(value) < hostPort + count,
  protocol: ({ protocol }, value) => protocol === value,
  status: ({ drift }, value) => (drift.length === 0 ? value === "ok" : value === "drift"),
};

export default class Ports extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Lists the published ports of the host with their owners, and which of them differ from what tsd made. Filters: address, network, owner, port, protocol, status (ok or drift).";
  static readonly filterKeys = Object.keys(matchers);
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
    const matches = makeFilter(flags.filter, plainKeys(matchers), undefined);
    const ports = publishedPorts(await this.withTsd((tsd) => tsd.system.map())).filter(matches);
    const rows = ports.map((port) => publishedRow(port, this.surroundings.now()));
    return this.show(ports, renderList(rows, publishedView, { ...flags, colour: this.colour }));
  }
}
