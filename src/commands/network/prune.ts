import { Flags } from "@oclif/core";
import type { Network } from "../../api/index.js";
import { pruneFilter, pruneFilterKeys } from "../../filters/prune-filters.js";
import { confirm } from "../confirm.js";
import { pruneFilterFlag } from "../definitions.js";
import { changeFlags, TsdCommand } from "../tsd-command.js";

export default class NetworkPrune extends TsdCommand {
  static override description =
    "Removes every network that nothing is attached to. Networks that docker made by tsd plugin serve stay. Filters: label, label!, until.";
  static override examples = [
    "<%= config.bin %> network prune",
    "<%= config.bin %> network prune --force --filter until=24h --filter label!=keep",
  ];
  static readonly filterKeys = pruneFilterKeys;
  static override flags = {
    force: Flags.boolean({ char: "f", description: "Do not ask first." }),
    filter: pruneFilterFlag,
    ...changeFlags,
  };

  override async run(): Promise<readonly Network[]> {
    const { flags } = await this.parse(NetworkPrune);
    const only = pruneFilter(flags.filter, this.surroundings.now());
    const agreed =
      flags.force ||
      this.dryRun ||
      (await confirm("This removes all networks that nothing is attached to.", this.surroundings));
    const removed = agreed ? await this.withTsd((tsd) => tsd.networks.prune({ only })) : [];
    const text = removed.length === 0 ? "" : `Deleted Networks:\n${removed.map(({ name }) => `${name}\n`).join("")}`;
    return this.show(removed, text);
  }
}
