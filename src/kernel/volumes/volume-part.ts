import { closeSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { VolumePart } from "../../api/file-resource.js";
import type { Drift } from "../../api/provider.js";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../boundary-operation.js";
import { fileError, kernelError } from "../errno.js";
import { makeDirectory } from "../files/directory-resource.js";
import { MS_BIND, MS_REC } from "../files/mount-flags.js";
import { listMounts } from "../files/mount-table.js";
import { statusOf } from "../files/path-status.js";
import { findPlace, openName, openRoot, statusOfName } from "../files/place.js";
import { unmount } from "../files/unmount.js";
import { libc } from "../libc.js";
import { shellLine } from "../shell-words.js";

/** Mounts it unless it is mounted. Throws `not-found` where the volume has nothing at the path. */
export function ensurePart(part: VolumePart): void {
  if (isMounted(part)) return;
  const { place, volume } = part;
  const found = openPart(part);
  try {
    boundaryOperation({ into: "mount", what: () => `mount ${part.path} of ${volume} at ${place}` }, () => {
      makeDirectory(dirname(place), 0o700);
      if (statusOf(place) === undefined)
        if (statusOfName(found).isDirectory()) mkdirSync(place);
        else writeFileSync(place, "");
      if (libc().mount(`/proc/self/fd/${found}`, place, undefined, MS_BIND | MS_REC, undefined) === 0) return;
      throw kernelError({ operation: "mount", object: `${part.path} of ${volume}`, errno: libc().errno() });
    });
  } catch (error) {
    throw fileError("mount", place, error);
  } finally {
    closeSync(found);
  }
}

export function removePart(part: VolumePart): void {
  if (isMounted(part)) unmount(part.place);
  if (statusOf(part.place) === undefined) return;
  boundaryOperation({ into: "file", what: () => `remove ${part.place}` }, () =>
    rmSync(part.place, { recursive: true, force: true }),
  );
}

export function inspectPart(resource: VolumePart): Drift | undefined {
  return isMounted(resource) ? undefined : { resource, problem: "missing" };
}

export function describePart(verb: "ensure" | "remove", { place, volume, path }: VolumePart): string {
  return verb === "remove" ? shellLine(["umount", place]) : shellLine(["mount", "--bind", `${volume}/${path}`, place]);
}

function openPart({ volume, path }: VolumePart): number {
  const root = openRoot(volume);
  try {
    using place = findPlace(root, Buffer.from(path).toString("latin1"), { follow: true });
    const found = place === undefined ? undefined : openName(place);
    // A link that leads nowhere is no place to mount.
    if (found !== undefined && !statusOfName(found).isSymbolicLink()) return found;
    throw new TsdError({
      kind: "not-found",
      code: "TSD_PATH_MISSING",
      message: `the volume at ${volume} has nothing at ${path}`,
      hint: "Make it in the volume first, or check the spelling of volume-subpath.",
      details: { volume, path },
    });
  } finally {
    closeSync(root);
  }
}

function isMounted({ place }: VolumePart): boolean {
  return listMounts().some(({ path }) => path === place);
}
