import { Flags } from "@oclif/core";
import type { Pruned, Volume } from "../../api/index.js";
import { pruneFilter, pruneFilterKeys } from "../../filters/prune-filters.js";
import { prunedText } from "../../presenters/pruned.js";
import { confirm } from "../confirm.js";
import { pruneFlags } from "../prune-flags.js";
import { TsdCommand } from "../tsd-command.js";

export default class VolumePrune extends TsdCommand {
  static override description = "Removes volumes without a name that no container has, with their data.";
  static readonly filterKeys = pruneFilterKeys;
  static override examples = ["<%= config.bin %> volume prune", "<%= config.bin %> volume prune --all --force"];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Remove unused volumes that have a name, too." }),
    ...pruneFlags,
  };

  override async run(): Promise<Pruned<Volume>> {
    const { flags } = await this.parse(VolumePrune);
    const { all } = flags;
    const isMeant = pruneFilter(flags.filter, this.surroundings.now());
    const warning = `This removes all ${all ? "" : "nameless "}volumes that no container has, with their data.`;
    const agreed = flags.force || this.dryRun || (await confirm(warning, this.surroundings));
    const pruned = agreed
      ? await this.withTsd((tsd) => tsd.volumes.prune({ all, isMeant }))
      : { removed: [], bytes: 0 };
    return this.show(
      pruned,
      agreed ? prunedText({ Volumes: pruned.removed.map(({ name }) => name) }, pruned.bytes) : "",
    );
  }
}
