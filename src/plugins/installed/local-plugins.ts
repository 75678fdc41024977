import { randomBytes } from "node:crypto";
import { renameSync } from "node:fs";
import type { Plugin, Plugins } from "../../api/index.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { removeDirectory } from "../../kernel/files/directory-resource.js";
import { WorkArea } from "../../kernel/files/work-area.js";
import { exec } from "../../kernel/programs/exec.js";
import { bringerOf, broughtOf } from "./brought-of.js";
import { describePlugin } from "./describe-plugin.js";
import { removeOrphans } from "./orphan-plugins.js";
import { digestOf } from "./plain-tree.js";
import { pluginDirectory } from "./plugin-directory.js";
import { forgetPlugin, installedPlugins, keepPlugin } from "./plugin-records.js";
import { type Claims, refuseUsers } from "./refuse-users.js";
import { requirePlugin } from "./require-plugin.js";
import { runProbe } from "./run-probe.js";
import { sourceOf } from "./source-kind.js";
import { stagePackage } from "./stage-package.js";

export interface LocalPluginsOptions extends Claims {
  /** Where plug-ins are kept. */
  readonly directory: string;
  readonly transaction: <T>(work: () => T) => T;
  readonly now: () => Date;
}

/**
 * Plug-ins and their files: each in a directory of its own, which comes by rename before the record that names it and is
 * removed after it. So a record has its files, and what a process leaves that is killed is an orphan.
 */
export class LocalPlugins implements Pick<Plugins, "add" | "remove"> {
  private readonly work: WorkArea;

  constructor(private readonly options: LocalPluginsOptions) {
    this.work = new WorkArea(`${options.directory}/work`);
  }

  async add(source: string, { force = false }: { readonly force?: boolean } = {}): ReturnType<Plugins["add"]> {
    const { settings, transaction, directory: all } = this.options;
    const wanted = sourceOf(source);
    await removeOrphans(all, settings);
    return this.work.use(async (staging) => {
      const { directory, entry, manifest } = await stagePackage(wanted, staging);
      const digest = digestOf(directory, manifest?.name ?? source);
      const name = manifest?.name ?? source;
      const probed = await runProbe({ name, entry: `${directory}/${entry}` });
      const plugin: Plugin = {
        ...describePlugin(probed, manifest),
        ...{ source, entry, digest, directory: randomBytes(8).toString("hex") },
        added: this.options.now().toISOString(),
      };
      this.refuseDuplicates(plugin);
      await exec("sync", ["--file-system", directory], { timeout: 600_000 });
      const path = pluginDirectory(all, plugin);
      move(directory, path);
      try {
        const replaced = transaction(() => {
          const earlier = installedPlugins(settings).find((one) => one.name === plugin.name);
          this.refuseDuplicates(plugin);
          if (earlier !== undefined && !force) refuseUsers(bringerOf(earlier), this.options, broughtOf(plugin));
          keepPlugin(settings, plugin);
          return earlier;
        });
        if (replaced === undefined) return { plugin };
        await removeDirectory({ kind: "directory", path: pluginDirectory(all, replaced) });
        return { plugin, replaced };
      } catch (error) {
        const isKept = installedPlugins(settings).some((one) => one.directory === plugin.directory);
        if (!isKept) await removeDirectory({ kind: "directory", path });
        throw error;
      }
    });
  }

  async remove(name: string, { force = false }: { readonly force?: boolean } = {}): Promise<Plugin> {
    const { settings, transaction, directory } = this.options;
    const removed = transaction(() => {
      const plugin = requirePlugin(settings, name);
      if (!force) refuseUsers(bringerOf(plugin), this.options);
      forgetPlugin(settings, name);
      return plugin;
    });
    await removeDirectory({ kind: "directory", path: pluginDirectory(directory, removed) });
    return removed;
  }

  private refuseDuplicates(plugin: Plugin): void {
    const others = installedPlugins(this.options.settings).filter(({ name }) => name !== plugin.name);
    this.options.refuseDuplicates([...others, plugin].map(bringerOf));
  }
}

function move(from: string, to: string): void {
  boundaryOperation({ into: "file", what: () => `move ${from} to ${to}` }, () => renameSync(from, to));
}
