import { Flags } from "@oclif/core";
import type { VolumeDetails } from "../../api/index.js";
import { makeFilter } from "../../filters/filters.js";
import { volumeFilters } from "../../filters/volume-filters.js";
import { renderList } from "../../presenters/list-view.js";
import { volumeRow, volumeView } from "../../presenters/volume-list.js";
import { filterFlag, listFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

export default class VolumeLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists volumes. Filters: dangling, driver, label, name.";
  static readonly filterKeys = Object.keys(volumeFilters);
  static override examples = [
    "<%= config.bin %> volume ls",
    "<%= config.bin %> volume ls --filter dangling=true --quiet",
    "<%= config.bin %> volume ls --format '{{.Name}} {{.Mountpoint}}'",
  ];
  static override flags = {
    ...listFlags,
    quiet: Flags.boolean({ char: "q", description: "Print names only." }),
    filter: filterFlag,
  };

  override async run(): Promise<readonly VolumeDetails[]> {
    const { flags } = await this.parse(VolumeLs);
    const matches = makeFilter(flags.filter, volumeFilters, undefined);
    const volumes = (await this.withTsd((tsd) => tsd.volumes.list())).filter(matches);
    const rows = volumes.map((one) => volumeRow(one));
    return this.show(volumes, renderList(rows, volumeView, { ...flags, colour: this.colour }));
  }
}
