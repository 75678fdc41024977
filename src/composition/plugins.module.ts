import { ContainerModule } from "inversify";
import { usersOf } from "../engine/rows/plugin-users.js";
import type { Bringer } from "../plugins/refuse-duplicates.js";
import { tokens } from "./tokens.js";

/** Where the files of plug-ins are kept. */
export function pluginsBelow(root: string): string {
  return `${root}/plugins`;
}

/** What adds and removes plug-ins, or in a dry run reports it. */
export const pluginsModule = new ContainerModule(({ bind }) => {
  bind(tokens.Plugins).toDynamicValue(async (context) => {
    const { root, dryRun } = context.get(tokens.Settings);
    const store = await context.getAsync(tokens.Store);
    const catalogue = await context.getAsync(tokens.ExtensionCatalogue);
    const shared = {
      settings: store.settings,
      directory: pluginsBelow(root),
      refuseDuplicates: (added: readonly Bringer[]) => catalogue.refuseDuplicates(added),
      users: (names: Parameters<typeof usersOf>[1]) => usersOf(store, names),
    };
    if (dryRun !== undefined) {
      const { PlannedPlugins } = await import("../plugins/installed/planned-plugins.js");
      return new PlannedPlugins({ ...shared, tell: dryRun });
    }
    const { LocalPlugins } = await import("../plugins/installed/local-plugins.js");
    const transaction = <T>(work: () => T): T => store.transaction(work);
    return new LocalPlugins({ ...shared, transaction, now: () => new Date() });
  });
});
