import { Flags } from "@oclif/core";
import type { ContainerDetails, Tsd } from "../api/index.js";
import { containerRow, containerView, wideContainerView } from "../presenters/container-list.js";
import { renderList } from "../presenters/list-view.js";
import { containerFilters } from "./container-filters.js";
import { filterFlag, listFlags } from "./definitions.js";
import { filterValues, makeFilter } from "./filters.js";
import { parseCount } from "./flag-values.js";
import { TsdCommand } from "./tsd-command.js";

export default class Ps extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    `Lists running containers, newest first. Filters: ${Object.keys(containerFilters).join(", ")}.`;
  static readonly filterKeys = Object.keys(containerFilters);
  static override examples = [
    "<%= config.bin %> ps",
    "<%= config.bin %> ps --wide",
    "<%= config.bin %> ps --all --filter network=web --filter name=^www",
    "<%= config.bin %> ps --format 'table {{.Names}}\\t{{.IP}}\\t{{.Ports}}'",
  ];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Stopped ones too." }),
    last: Flags.string({
      char: "n",
      description: "The last so many that were made, running or not.",
      helpValue: "NUMBER",
    }),
    latest: Flags.boolean({ char: "l", description: "The last one that was made, running or not." }),
    wide: Flags.boolean({ description: "Show process ids, addresses and networks." }),
    ...listFlags,
    filter: filterFlag,
  };

  override async run(): Promise<readonly ContainerDetails[]> {
    const { flags } = await this.parse(Ps);
    const count = flags.latest ? 1 : parseCount("last", flags.last);
    // As docker: a filter for how containers ended selects among stopped ones too.
    const of = (key: string): boolean => filterValues(flags.filter, key).length > 0;
    const all = flags.all || count !== undefined || of("status") || of("exited");
    const containers = await this.withTsd((tsd) => select(tsd, flags.filter, all));
    const shown = containers.slice(0, count);
    const now = this.surroundings.now();
    const rows = shown.map((details) => containerRow(details, { now, full: flags["no-trunc"] }));
    const view = flags.wide ? wideContainerView : containerView;
    return this.show(shown, renderList(rows, view, { ...flags, colour: this.colour }));
  }
}

function select(tsd: Tsd, filters: readonly string[] | undefined, all: boolean): readonly ContainerDetails[] {
  const matches = makeFilter(filters, containerFilters, tsd);
  return tsd.containers.list({ all }).filter(matches);
}
