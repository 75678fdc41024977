import { statSync } from "node:fs";
import { manifestIn } from "./stage-package.js";

/** The module of a plug-in at an absolute path: a file, or a folder whose package.json names it. Throws `plugin`. */
export function moduleAt(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? `${path}/${manifestIn(path, path).entry}` : path;
}
