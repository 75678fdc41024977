import { rmSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname } from "node:path";
import type { Overlay } from "../../api/file-resource.js";
import type { Drift } from "../../api/provider.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { kernelError } from "../errno.js";
import { libc } from "../libc.js";
import { shellLine } from "../shell-words.js";
import { listMounts, type Mount, unescapeOctal } from "./mount-table.js";
import { unmount } from "./unmount.js";
import { inDirectory } from "./working-directory.js";

/** mount(2) takes one page of options, the final NUL included. */
const MAX_OPTIONS = 4095;
const VOLATILE = ",volatile";

/** A mount as it is asked for: options whose relative paths start at `from`. */
interface Request {
  readonly options: string;
  readonly from?: string;
}

/**
 * Mounts the overlay, or makes do with the same one mounted already. Throws `conflict` where something else is mounted
 * there, and `unsupported` where the layers' paths do not fit one page, however short they are written.
 */
export function ensureOverlay(resource: Overlay): void {
  const { path } = resource;
  const found = mountAt(path);
  if (found !== undefined) {
    if (isSame(resource, found)) return;
    throw inTheWay(path, found);
  }
  const { options, from } = request(resource);
  const length = lengthOf(resource, options);
  if (length > MAX_OPTIONS) throw tooManyLayers(resource, length);
  boundaryOperation({ into: "mount", what: () => `mount overlay ${path}` }, () => {
    const mount = () => mountOverlay(resource, options);
    if (from === undefined) mount();
    else inDirectory(from, mount);
  });
}

function mountOverlay({ path, work, volatile }: Overlay, options: string): void {
  const tryMount = (data: string): number | undefined =>
    libc().mount("overlay", path, "overlay", 0, data) === 0 ? undefined : libc().errno();
  let errno: number | undefined;
  if (volatile) {
    // Where a volatile mount was before, which the kernel remembers there, what is written counts for nothing.
    rmSync(`${work}/work/incompat`, { recursive: true, force: true });
    errno = tryMount(`${options}${VOLATILE}`);
  }
  // Linux knows the option from 5.10 on.
  if (!volatile || errno === constants.errno.EINVAL) errno = tryMount(options);
  if (errno !== undefined) throw kernelError({ operation: "mount overlay", object: path, errno });
}

/** Another mount at the path stays. */
export function removeOverlay(resource: Overlay): void {
  const { path } = resource;
  const found = mountAt(path);
  if (found !== undefined && isSame(resource, found)) unmount(path);
}

/** To read `mounts` once serves for many, since the kernel lists all of them each time. */
export function inspectOverlay(resource: Overlay, mounts = listMounts()): Drift | undefined {
  const found = mountAt(resource.path, mounts);
  if (found === undefined) return { resource, problem: "missing" };
  return isSame(resource, found) ? undefined : { resource, problem: "different", found: `a mount of ${found.type}` };
}

export function describeOverlay(verb: "ensure" | "remove", resource: Overlay): string {
  const { path } = resource;
  if (verb === "remove") return shellLine(["umount", "-l", path]);
  const { options, from } = request(resource);
  const mount = shellLine([
    ...["mount", "-t", "overlay", "overlay", "-o"],
    `${options}${resource.volatile ? VOLATILE : ""}`,
    path,
  ]);
  return from === undefined ? mount : `(${shellLine(["cd", from])} && ${mount})`;
}

/** Paths of many layers are too long in full, so that they are then named from where they lie. */
function request(resource: Overlay): Request {
  const options = overlayOptions(resource);
  const from = dirname(resource.lower[0] ?? "/");
  const isTogether = resource.lower.every((layer) => dirname(layer) === from);
  if (lengthOf(resource, options) <= MAX_OPTIONS || !isTogether) return { options };
  return { options: overlayOptions({ ...resource, lower: resource.lower.map((layer) => basename(layer)) }), from };
}

function lengthOf({ volatile }: Overlay, options: string): number {
  return Buffer.byteLength(options) + (volatile ? VOLATILE.length : 0);
}

/** `lowerdir=A:B,upperdir=…,workdir=…`; Documentation/filesystems/overlayfs.rst. */
export function overlayOptions({ lower, upper, work }: Overlay): string {
  return `lowerdir=${lower.map(escapeOption).join(":")},upperdir=${escapeOption(upper)},workdir=${escapeOption(work)}`;
}

/** Commas end an option and colons a layer, unless a backslash precedes them. */
function escapeOption(path: string): string {
  return path.replace(/[\\,:]/g, "\\$&");
}

function mountAt(path: string, mounts = listMounts()): Mount | undefined {
  return mounts.findLast((mount) => mount.path === path);
}

/** The upper directory identifies an overlay: no two mounts may share it. */
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
