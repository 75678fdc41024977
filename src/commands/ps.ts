import { Flags } from "@oclif/core";
import type { ContainerDetails, ContainerSize, Tsd } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { containerFilters } from "../filters/container-filters.js";
import { filterValues, makeFilter } from "../filters/filters.js";
import { containerRow, containerView, wideContainerView, withSizes } from "../presenters/container-list.js";
import { renderList } from "../presenters/list-view.js";
import { filterFlag, listFlags } from "./definitions.js";
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
    size: Flags.boolean({ char: "s", description: "Show what each wrote; this reads all that it wrote." }),
    ...listFlags,
    filter: filterFlag,
  };

  override async run(): Promise<readonly ContainerDetails[]> {
    const { flags } = await this.parse(Ps);
    const count = flags.latest ? 1 : parseCount("last", flags.last);
    // As docker: a filter for how containers ended selects among stopped ones too.
    const of = (key: string): boolean => filterValues(flags.filter, key).length > 0;
    const all = flags.all || count !== undefined || of("status") || of("exited");
    const isSized = flags.size || (flags.format?.includes(".Size") ?? false);
    const { shown, sizes } = await this.withTsd(async (tsd) => {
      const selected = select(tsd, flags.filter, all).slice(0, count);
      return { shown: selected, sizes: isSized ? await sizesOf(tsd, selected) : [] };
    });
    const now = this.surroundings.now();
    const rows = shown.map((details, at) => containerRow(details, { now, full: flags["no-trunc"], size: sizes[at] }));
    const view = flags.wide ? wideContainerView : containerView;
    const columns = flags.size ? withSizes(view) : view;
    return this.show(shown, renderList(rows, columns, { ...flags, colour: this.colour }));
  }
}

/** One after the other: each reads all that a container wrote. Undefined for one that has gone meanwhile. */
async function sizesOf(
  { containers }: Tsd,
  shown: readonly ContainerDetails[],
): Promise<readonly (ContainerSize | undefined)[]> {
  const sizes: (ContainerSize | undefined)[] = [];
  for (const { container } of shown) {
    try {
      sizes.push(await containers.size(container.id));
    } catch (error) {
      if (!TsdError.is(error, "not-found")) throw error;
      sizes.push(undefined);
    }
  }
  return sizes;
}

function select(tsd: Tsd, filters: readonly string[] | undefined, all: boolean): readonly ContainerDetails[] {
  const matches = makeFilter(filters, containerFilters, tsd);
  return tsd.containers.list({ all }).filter(matches);
}
