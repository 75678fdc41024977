import { Flags } from "@oclif/core";
import type { Network, Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { pruneFilter, pruneFilterKeys } from "../../filters/prune-filters.js";
import { prunedText } from "../../presenters/pruned.js";
import { confirm } from "../confirm.js";
import { pruneFlags } from "../prune-flags.js";
import { TsdCommand } from "../tsd-command.js";

/** Names of what was removed, by kind. */
interface SystemPruned {
  readonly removed: Readonly<Record<"Containers" | "Networks" | "Volumes" | "Images", readonly string[]>>;
  readonly bytes: number;
}

export default class SystemPrune extends TsdCommand {
  static override description =
    "Removes containers that do not run, networks that nothing is attached to, and images without a name that no container has.";
  static readonly filterKeys = pruneFilterKeys;
  static override examples = [
    "<%= config.bin %> system prune",
    "<%= config.bin %> system prune --all --volumes --force",
    "<%= config.bin %> system prune --filter until=24h",
  ];
  static override flags = {
    all: Flags.boolean({ char: "a", description: "Remove all images that no container has." }),
    volumes: Flags.boolean({ description: "Remove nameless volumes that no container has, with their data." }),
    ...pruneFlags,
  };

  override async run(): Promise<SystemPruned | undefined> {
    const { flags } = await this.parse(SystemPrune);
    if (flags.volumes && flags.filter?.some((filter) => filter.startsWith("until="))) throw untilVolumes();
    const agreed = flags.force || this.dryRun || (await confirm(warningOf(flags), this.surroundings));
    if (!agreed) return undefined;
    const matches = pruneFilter(flags.filter, this.surroundings.now());
    const isFiltered = flags.filter !== undefined;
    const pruned = await this.withTsd(async (tsd): Promise<SystemPruned> => {
      const containers = await tsd.containers.prune(({ spec, created }) =>
        matches({ labels: spec.labels ?? {}, created }),
      );
      const networks = isFiltered
        ? await removeEach(tsd, tsd.networks.list().filter(matches))
        : (await tsd.networks.prune()).map(({ name }) => name);
      const volumes = flags.volumes ? await tsd.volumes.prune({ isMeant: matches }) : { removed: [], bytes: 0 };
      const images = await tsd.images.prune({
        all: flags.all,
        isMeant: ({ config, created }) => matches({ labels: config.labels ?? {}, created }),
      });
      return {
        removed: {
          Containers: containers.removed.map(({ id }) => id),
          Networks: networks,
          Volumes: volumes.removed.map(({ name }) => name),
          Images: images.removed.map(({ id }) => `sha256:${id}`),
        },
        bytes: containers.bytes + volumes.bytes + images.bytes,
      };
    });
    return this.show(pruned, prunedText(pruned.removed, pruned.bytes));
  }
}

/** Those that nothing is attached to; what is in use, or always there, stays. */
async function removeEach(tsd: Tsd, networks: readonly Network[]): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { name, managedBy } of networks) {
    if (managedBy !== undefined) continue;
    try {
      await tsd.networks.remove(name);
      removed.push(name);
    } catch (error) {
      if (!TsdError.is(error)) throw error;
    }
  }
  return removed;
}

function warningOf({ all, volumes }: { readonly all: boolean; readonly volumes: boolean }): string {
  const lines = [
    "all containers that do not run",
    "all networks that nothing is attached to",
    ...(volumes ? ["all nameless volumes that no container has, with their data"] : []),
    all ? "all images that no container has" : "all images that have no name and no container",
  ];
  return `This removes:\n${lines.map((line) => `  - ${line}`).join("\n")}`;
}

function untilVolumes(): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_PRUNE_UNTIL_VOLUMES",
    message: "--filter until= does not go with --volumes: a volume may be old and its data new",
    hint: "Leave one of them out, or pick volumes by label.",
  });
}
