import type { Plugin } from "../../api/index.js";

/** The part of the store that holds small values by name. */
export interface Settings {
  list<T>(prefix: string): readonly T[];
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

const KEY = "plugin ";

/** In the order of the alphabet. */
export function installedPlugins(settings: Pick<Settings, "list">): readonly Plugin[] {
  return settings.list<Plugin>(KEY);
}

/** Keeps this one in place of any of its name; in the caller's transaction. */
export function keepPlugin(settings: Settings, plugin: Plugin): void {
  settings.set(KEY + plugin.name, plugin);
}

/** In the caller's transaction. */
export function forgetPlugin(settings: Settings, name: string): void {
  settings.delete(KEY + name);
}
