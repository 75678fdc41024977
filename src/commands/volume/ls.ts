import { Flags } from "@oclif/core";
import type { VolumeDetails } from "../../api/index.js";
import { patternFilter, switchFilter } from "../../filters/filter-values.js";
import { type FilterKeys, labelKeys, makeFilter } from "../../filters/filters.js";
import { renderList } from "../../presenters/list-view.js";
import { volumeRow, volumeView } from "../../presenters/volume-list.js";
import { filterFlag, listFlags } from "../definitions.js";
import { TsdCommand } from "../tsd-command.js";

const keys: FilterKeys<VolumeDetails> = {
  ...labelKeys(({ volume }) => volume.labels),
  dangling: (value) => {
    const wanted = switchFilter("dangling", value);
    return ({ users }) => (users.length === 0) === wanted;
  },
  driver:
    (value) =>
    ({ volume }) =>
      volume.driver === value,
  name: (value) => {
    const matches = patternFilter("name", value);
    return ({ volume }) => matches(volume.name);
  },
};

export default class VolumeLs extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description = "Lists volumes. Filters: dangling, driver, label, name.";
  static readonly filterKeys = Object.keys(keys);
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
    const matches = makeFilter(flags.filter, keys, undefined);
    const volumes = (await this.withTsd((tsd) => tsd.volumes.list())).filter(matches);
    const rows = volumes.map((one) => volumeRow(one));
    return this.show(volumes, renderList(rows, volumeView, { ...flags, colour: this.colour }));
  }
}
