import type { Container, Pruned } from "../../api/index.js";
import { pruneFilter, pruneFilterKeys } from "../../filters/prune-filters.js";
import { prunedText } from "../../presenters/pruned.js";
import { confirm } from "../confirm.js";
import { pruneFlags } from "../prune-flags.js";
import { TsdCommand } from "../tsd-command.js";

export default class ContainerPrune extends TsdCommand {
  static override description = "Removes all containers that do not run, with their files and logs.";
  static readonly filterKeys = pruneFilterKeys;
  static override examples = [
    "<%= config.bin %> container prune",
    "<%= config.bin %> container prune --force --filter until=24h",
  ];
  static override flags = pruneFlags;

  override async run(): Promise<Pruned<Container>> {
    const { flags } = await this.parse(ContainerPrune);
    const matches = pruneFilter(flags.filter, this.surroundings.now());
    const isMeant = ({ spec, created }: Container): boolean => matches({ labels: spec.labels ?? {}, created });
    const warning = "This removes all containers that do not run.";
    const agreed = flags.force || this.dryRun || (await confirm(warning, this.surroundings));
    const pruned = agreed ? await this.withTsd((tsd) => tsd.containers.prune(isMeant)) : { removed: [], bytes: 0 };
    return this.show(
      pruned,
      agreed ? prunedText({ Containers: pruned.removed.map(({ id }) => id) }, pruned.bytes) : "",
    );
  }
}
