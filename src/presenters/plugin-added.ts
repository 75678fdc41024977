import type { Plugin } from "../api/index.js";
import { printable } from "../errors/printable.js";
import { broughtWords } from "./plugin-list.js";

/** What `plugin add` reports; a single file has no version. */
export function addedLine({ plugin, replaced }: { readonly plugin: Plugin; readonly replaced?: Plugin }): string {
  const done = replaced === undefined ? `Added ${nameOf(plugin)}` : `Replaced ${nameOf(replaced)} by ${nameOf(plugin)}`;
  return `${printable(`${done}: ${broughtWords(plugin)}`)}\n`;
}

function nameOf({ name, version }: Plugin): string {
  return version === "" ? name : `${name} ${version}`;
}
