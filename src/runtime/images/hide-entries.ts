import { chmod, lstat, mkdir } from "node:fs/promises";
import { TsdError } from "../../errors/tsd-error.js";
import type { Whiteouts } from "../../kernel/files/whiteout.js";
import { type ByteText, bytesOf, byteText, readable } from "./byte-text.js";
import type { Hidden } from "./layer-filter.js";

/**
 * Makes an unpacked layer hide what `hidden` lists of the layers below. What the layer itself holds stays: a directory
 * under a hidden name becomes opaque, anything else hides by being there. The root is left alone: overlayfs takes no such
 * mark there. Throws `invalid-input` for a path that leads through a symbolic link, which could end outside the layer.
 */
export async function hideEntries(layer: string, hidden: Hidden, whiteouts: Whiteouts): Promise<void> {
  const root = byteText(layer);
  for (const path of hidden.contents)
    if (path !== ".") whiteouts.hideContents(bytesOf(await openDirectory(root, path)));
  for (const path of hidden.paths) {
    const slash = path.lastIndexOf("/");
    const directory = await openDirectory(root, slash < 0 ? "." : path.slice(0, slash));
    const target = `${directory}/${path.slice(slash + 1)}`;
    const kind = await kindOf(target);
    if (kind === "missing") whiteouts.hide(bytesOf(target));
    else if (kind === "directory") whiteouts.hideContents(bytesOf(target));
  }
}

/** The directory at `path`, made with its parents where missing, as docker makes them; no part of it is a link. */
async function openDirectory(layer: ByteText, path: ByteText): Promise<ByteText> {
  let at = layer;
  for (const part of path === "." ? [] : path.split("/")) {
    at = `${at}/${part}`;
    const kind = await kindOf(at);
    if (kind === "missing") {
      await mkdir(bytesOf(at));
      // Apart, since the umask would bend it.
      await chmod(bytesOf(at), 0o755);
    }
    if (kind === "other") throw throughLink(readable(path));
  }
  return at;
}

async function kindOf(path: ByteText): Promise<"directory" | "missing" | "other"> {
  const stats = await lstat(bytesOf(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stats === undefined) return "missing";
  return stats.isDirectory() ? "directory" : "other";
}

function throughLink(path: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_ENTRY_OUTSIDE",
    message: `the image hides an entry of "${path}", which is not a directory of the same layer`,
    hint: "Do not trust this archive; an image never needs such an entry.",
    details: { path },
  });
}
