import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import type { Whiteouts } from "../../kernel/whiteout.js";
import type { Hidden } from "./layer-filter.js";

/**
 * Makes an unpacked layer hide what `hidden` lists of the layers below. What the layer itself holds stays: a directory
 * under a hidden name becomes opaque, anything else hides by being there. Throws `invalid-input` for a path that leads
 * through a symbolic link, which could end outside the layer.
 */
export async function hideEntries(layer: string, hidden: Hidden, whiteouts: Whiteouts): Promise<void> {
  for (const path of hidden.contents) whiteouts.hideContents(await openDirectory(layer, path));
  for (const path of hidden.paths) {
    const slash = path.lastIndexOf("/");
    const directory = await openDirectory(layer, slash < 0 ? "." : path.slice(0, slash));
    const target = join(directory, path.slice(slash + 1));
    const kind = await kindOf(target);
    if (kind === "missing") whiteouts.hide(target);
    else if (kind === "directory") whiteouts.hideContents(target);
  }
}

/** The directory at `path`, made with its parents where missing, as docker makes them; no part of it is a link. */
async function openDirectory(layer: string, path: string): Promise<string> {
  let at = layer;
  for (const part of path.split("/")) {
    at = join(at, part);
    const kind = await kindOf(at);
    if (kind === "missing") await mkdir(at, { mode: 0o755 });
    if (kind === "other")
      throw new TsdError({
        kind: "invalid-input",
        code: "TSD_IMAGE_ENTRY_OUTSIDE",
        message: `the image hides an entry of "${path}", which is not a directory of the same layer`,
        hint: "Do not trust this archive; an image never needs such an entry.",
        details: { path },
      });
  }
  return at;
}

async function kindOf(path: string): Promise<"directory" | "missing" | "other"> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stats === undefined) return "missing";
  return stats.isDirectory() ? "directory" : "other";
}
