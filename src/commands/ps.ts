import { Flags } from "@oclif/core";
import type { ContainerDetails } from "../api/index.js";
import { containerLabels } from "../presenters/container-config.js";
import { containerRow, containerView } from "../presenters/container-list.js";
import { renderList } from "../presenters/list-view.js";
import { filterFlag, listFlags } from "./definitions.js";
import { hasLabel, type Matchers, makeFilter } from "./filters.js";
import { TsdCommand } from "./tsd-command.js";

const matchers: Matchers<ContainerDetails> = {
  id: ({ container }, value) => container.id.startsWith(value),
  label: (details, value) => hasLabel(containerLabels(details), value),
  name: ({ container }, value) => container.name.includes(value),
  network: ({ endpoints }, value) =>
    endpoints.some(({ endpoint, network }) => network === value || endpoint.networkId.startsWith(value)),
  status: ({ container }, value) => container.status === value,
};

export default class Ps extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists running containers. Filters: id, label, name, network, status.";
  static readonly filterKeys = Object.keys(matchers);
  static override examples = [
    "<%= config.bin %> ps",
    "<%= config.bin %> ps --all --filter network=web",
    "<%= config.bin %> ps --format 'table {{.Name}}\\t{{.IP}}\\t{{.Ports}}'",
  ];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Stopped ones too." }),
    ...listFlags,
    filter: filterFlag,
  };

  override async run(): Promise<readonly ContainerDetails[]> {
    const { flags } = await this.parse(Ps);
    const matches = makeFilter(flags.filter, matchers);
    // As docker: a filter for a status selects containers of that status, not the running ones among them.
    const all = flags.all || (flags.filter?.some((filter) => filter.startsWith("status=")) ?? false);
    const containers = (await this.withTsd((tsd) => tsd.containers.list({ all }))).filter(matches);
    const now = this.surroundings.now();
    const rows = containers.map((details) => containerRow(details, { now, full: flags["no-trunc"] }));
    return this.show(containers, renderList(rows, containerView, { ...flags, colour: this.colour }));
  }
}
