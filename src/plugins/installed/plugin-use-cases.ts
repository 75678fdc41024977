import type { Plugin, PluginDetails, Plugins } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { broughtOf } from "./brought-of.js";
import { requireOwnFiles } from "./own-files.js";
import { pluginDirectory } from "./plugin-directory.js";
import { installedPlugins } from "./plugin-records.js";
import type { Claims } from "./refuse-users.js";
import { requirePlugin } from "./require-plugin.js";

interface Installed extends Pick<Claims, "settings" | "users"> {
  /** Where plug-ins are kept. */
  readonly directory: string;
  readonly requireRoom: () => void;
  /** What adds and removes them, which other commands need not load. */
  readonly changes: () => Promise<Pick<Plugins, "add" | "remove">>;
}

/** Reads records, and loads the installer only to change something. */
export class PluginUseCases implements Plugins {
  constructor(private readonly installed: Installed) {}

  async add(source: string, options?: { readonly force?: boolean }): ReturnType<Plugins["add"]> {
    this.installed.requireRoom();
    return (await this.installed.changes()).add(source, options);
  }

  list(): readonly Plugin[] {
    return installedPlugins(this.installed.settings);
  }

  async inspect(name: string): Promise<PluginDetails> {
    const { settings, directory, users } = this.installed;
    const plugin = requirePlugin(settings, name);
    const path = pluginDirectory(directory, plugin);
    const problem = await problemOf(plugin, path);
    return { plugin, path, users: users(broughtOf(plugin)), ...(problem === undefined ? {} : { problem }) };
  }

  async remove(name: string, options?: { readonly force?: boolean }): Promise<Plugin> {
    return (await this.installed.changes()).remove(name, options);
  }
}

async function problemOf({ name, entry, digest }: Plugin, path: string): Promise<string | undefined> {
  const { digestOf } = await import("./plain-tree.js");
  try {
    requireOwnFiles(`${path}/${entry}`, name);
    if (digestOf(path, name) === digest) return undefined;
    return `plug-in "${name}" has other files now than when it was added`;
  } catch (error) {
    if (TsdError.is(error, "plugin")) return error.message;
    throw error;
  }
}
