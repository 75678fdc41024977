import { Flags } from "@oclif/core";
import type { Image, Pruned } from "../../api/index.js";
import { pruneFilter, pruneFilterKeys } from "../../filters/prune-filters.js";
import { prunedText } from "../../presenters/pruned.js";
import { confirm } from "../confirm.js";
import { pruneFlags } from "../prune-flags.js";
import { TsdCommand } from "../tsd-command.js";

export default class ImagePrune extends TsdCommand {
  static override description = "Removes images that have no name and no container.";
  static readonly filterKeys = pruneFilterKeys;
  static override examples = ["<%= config.bin %> image prune", "<%= config.bin %> image prune --all --force"];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Remove all images that no container has." }),
    ...pruneFlags,
  };

  override async run(): Promise<Pruned<Image>> {
    const { flags } = await this.parse(ImagePrune);
    const { all } = flags;
    const matches = pruneFilter(flags.filter, this.surroundings.now());
    const isMeant = ({ config, created }: Image): boolean => matches({ labels: config.labels ?? {}, created });
    const warning = `This removes all images that have no ${all ? "" : "name and no "}container.`;
    const agreed = flags.force || this.dryRun || (await confirm(warning, this.surroundings));
    const pruned = agreed ? await this.withTsd((tsd) => tsd.images.prune({ all, isMeant })) : { removed: [], bytes: 0 };
    return this.show(
      pruned,
      agreed ? prunedText({ Images: pruned.removed.map(({ id }) => `sha256:${id}`) }, pruned.bytes) : "",
    );
  }
}
