import type { Drift } from "../api/provider.js";
import type { Overlay } from "../api/resource.js";
import { TsdError } from "../errors/tsd-error.js";
import { crossing } from "./crossing.js";
import { kernelError } from "./errno.js";
import { libc } from "./libc.js";
import { listMounts, type Mount, unescapeOctal } from "./mount-table.js";
import { shellLine } from "./shell-words.js";
import { unmount } from "./unmount.js";

/** mount(2) takes one page of options, the final NUL included. */
const MAX_OPTIONS = 4095;

/**
 * Mounts the overlay, or makes do with the same one mounted already. Throws `conflict` where something else is mounted
 * there, and `unsupported` where the layers' paths do not fit one page.
 */
export function ensureOverlay(resource: Overlay): void {
  const { path } = resource;
  const found = mountAt(path);
  if (found !== undefined) {
    if (isSame(resource, found)) return;
    throw inTheWay(path, found);
  }
  const options = overlayOptions(resource);
  if (Buffer.byteLength(options) > MAX_OPTIONS) throw tooManyLayers(resource, Buffer.byteLength(options));
  crossing({ into: "mount", what: () => `mount overlay ${path}` }, () => {
    if (libc().mount("overlay", path, "overlay", 0, options) === 0) return;
    throw kernelError({ operation: "mount overlay", object: path, errno: libc().errno() });
  });
}

/** Another mount at the path stays. */
export function removeOverlay(resource: Overlay): void {
  const { path } = resource;
  const found = mountAt(path);
  if (found !== undefined && isSame(resource, found)) unmount(path);
}

export function inspectOverlay(resource: Overlay): Drift | undefined {
  const found = mountAt(resource.path);
  if (found === undefined) return { resource, problem: "missing" };
  return isSame(resource, found) ? undefined : { resource, problem: "different", found: `a mount of ${found.type}` };
}

export function describeOverlay(verb: "ensure" | "remove", resource: Overlay): string {
  const { path } = resource;
  if (verb === "remove") return shellLine(["umount", "-l", path]);
  return shellLine(["mount", "-t", "overlay", "overlay", "-o", overlayOptions(resource), path]);
}

/** `lowerdir=A:B,upperdir=…,workdir=…`; Documentation/filesystems/overlayfs.rst. */
export function overlayOptions({ lower, upper, work }: Overlay): string {
  return `lowerdir=${lower.map(escapeOption).join(":")},upperdir=${escapeOption(upper)},workdir=${escapeOption(work)}`;
}

/** Commas end an option and colons a layer, unless a backslash precedes them. */
function escapeOption(path: string): string {
  return path.replace(/[\\,:]/g, "\\$&");
}

function mountAt(path: string): Mount | undefined {
  return listMounts().findLast((mount) => mount.path === path);
}

/** The upper directory tells one overlay from another: no two mounts may share it. */
function isSame({ upper }: Overlay, found: Mount): boolean {
  return found.type === "overlay" && upperOf(found.options) === upper;
}

/** mountinfo shows each option as it was given, with commas and backslashes inside in octal. */
function upperOf(options: string): string | undefined {
  const shown = options.split(",").find((option) => option.startsWith("upperdir="));
  return shown === undefined ? undefined : unescapeOctal(shown.slice("upperdir=".length)).replace(/\\(.)/g, "$1");
}

function inTheWay(path: string, found: Mount): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_MOUNT_CONFLICT",
    message: `${path} is taken by another mount of type ${found.type}`,
    hint: `Look at it, and unmount it: findmnt ${path}`,
    details: { path, type: found.type, options: found.options },
  });
}

function tooManyLayers({ path, lower }: Overlay, length: number): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_OVERLAY_LAYERS",
    message: `${lower.length} layers are too many for one overlay mount: their paths take ${length} of ${MAX_OPTIONS} bytes`,
    hint: "Use an image with fewer layers, or a shorter state directory.",
    details: { path, layers: lower.length, length },
  });
}
