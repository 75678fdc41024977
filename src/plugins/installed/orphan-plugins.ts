import type { Sweeper } from "../../api/index.js";
import { removeDirectory } from "../../kernel/files/directory-resource.js";
import { namesIn } from "../../kernel/files/names-in.js";
import { WorkArea } from "../../kernel/files/work-area.js";
import { sweeperOf } from "../../kernel/orphans/sweeper-of.js";
import { pluginDirectory } from "./plugin-directory.js";
import { installedPlugins, type Settings } from "./plugin-records.js";

const OWN_NAME = /^[0-9a-f]{16}$/;

/**
 * Directories of plug-ins, and directories of staging that crashed processes left. Of plug-ins none while a process is at
 * work: it puts their files before their records.
 */
async function list(all: string): Promise<readonly string[]> {
  const plugins = namesIn(all).filter((name) => OWN_NAME.test(name));
  const { busy, left } = await new WorkArea(`${all}/work`).look();
  return [...(busy ? [] : plugins.map((directory) => pluginDirectory(all, { directory }))), ...left];
}

/** Files of plug-ins that no record names, and what a process left that was killed while it installed one. */
export function pluginSweeper(all: string, settings: Pick<Settings, "list">): Sweeper {
  return sweeperOf<string>({
    list: () => list(all),
    orphanOf: (what) => ({ kind: "directory", what, why: "no plug-in has it" }),
    claims() {
      const kept = new Set(installedPlugins(settings).map((plugin) => pluginDirectory(all, plugin)));
      return (path) => kept.has(path);
    },
    async free(paths) {
      for (const path of paths) await removeDirectory({ kind: "directory", path });
    },
  });
}

export async function removeOrphans(all: string, settings: Pick<Settings, "list">): Promise<void> {
  const sweeper = pluginSweeper(all, settings);
  await sweeper.sweep(await sweeper.orphans(() => []));
}
