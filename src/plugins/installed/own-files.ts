import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { pluginError } from "./plugin-error.js";

/** <linux/stat.h>: writable by the group or by others; and a directory whose files only their owners may replace. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * A plug-in runs with all rights of tsd's. Throws `plugin` where others than root could have put another in its place: by
 * its module, or by a directory above it.
 */
export function requireOwnFiles(entry: string, name: string): void {
  for (let path = entry; ; path = dirname(path)) {
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) throw filesGone(path, name);
    const isSafe = (status.mode & WRITABLE_BY_OTHERS) === 0 || (status.isDirectory() && (status.mode & STICKY) !== 0);
    if (status.uid !== 0 || !isSafe) throw notOwn(path, name);
    if (path === "/") return;
  }
}

function filesGone(path: string, name: string): Error {
  return pluginError(name, {
    code: "TSD_PLUGIN_FILES_GONE",
    message: `plug-in "${name}" is installed, and ${path} is gone`,
    hint: "Install it again with tsd plugin add.",
    details: { path },
  });
}

function notOwn(path: string, name: string): Error {
  return pluginError(name, {
    code: "TSD_PLUGIN_WRITABLE",
    message: `plug-in "${name}" is not loaded: others than root may change ${path}`,
    hint: `Look at what it holds, then: chown root: ${path} && chmod go-w ${path}`,
    details: { path },
  });
}
