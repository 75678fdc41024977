import type { Plugin } from "../../api/index.js";

/** Where the files of one are, below the directory of all. */
export function pluginDirectory(all: string, { directory }: Pick<Plugin, "directory">): string {
  return `${all}/${directory}`;
}
