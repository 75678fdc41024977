import { Flags } from "@oclif/core";
import type { NetworkName } from "../api/index.js";
import { renderList } from "../presenters/list-view.js";
import { nameRow, nameView } from "../presenters/name-list.js";
import { listFlags, optionalArgument } from "./definitions.js";
import { TsdCommand } from "./tsd-command.js";

export default class Names extends TsdCommand {
  protected override readonly leftWork = "if-idle";
  static override description =
    "Lists the names of containers that run, on one network or on all. Each container is known by its short id and its host name too, and behind its names may stand that of the network: db.backend.";
  static override examples = [
    "<%= config.bin %> names",
    "<%= config.bin %> names backend",
    "<%= config.bin %> names --format '{{.Address}} {{.Name}}' backend",
  ];
  static override args = { network: optionalArgument("Name or id of a network.") };
  static override flags = {
    ...listFlags,
    quiet: Flags.boolean({ char: "q", description: "Print names only." }),
  };

  override async run(): Promise<readonly NetworkName[]> {
    const { args, flags } = await this.parse(Names);
    const names = await this.withTsd((tsd) => tsd.networks.names(args.network));
    const rows = names.map((name) => nameRow(name, { full: flags["no-trunc"] }));
    return this.show(names, renderList(rows, nameView, { ...flags, colour: this.colour }));
  }
}
