import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Directory } from "../../api/index.js";
import type { Bind, MountRequest } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { requirePath } from "./require-path.js";

/** Throws `not-found` where a path of the host is to be mounted that does not exist, and is not to be made. */
export function checkSources(mounts: readonly MountRequest[]): void {
  for (const { type, source = "", createSource } of mounts)
    if (type === "bind" && createSource !== true) requirePath(source, "volume");
}

/** Throws `not-found` where what is mounted within a read-only volume has no place there. */
export function checkPlaces(volumes: readonly Bind[]): void {
  for (const { target } of volumes) {
    const missing = missingPlace(volumes, target);
    if (missing !== undefined) throw noPlace(target, missing);
  }
}

/**
 * What is mounted within a read-only volume needs a place there: to make it would be to write to that volume. One that is not there
 * yet may come with it.
 */
export function missingPlace(volumes: readonly Bind[], target: string): MissingPlace | undefined {
  const around = innermostAround(volumes, target);
  if (around === undefined || !around.readOnly || !existsSync(around.source)) return undefined;
  const path = `${around.source}${target.slice(around.target.length)}`;
  return existsSync(path) ? undefined : { around, path };
}

/** The directories that are to be made for mounts, those above first. All users may look into them, as into those that docker makes. */
export function missingSources(mounts: readonly MountRequest[]): readonly Directory[] {
  const sources = mounts.flatMap(({ source = "", createSource }) => (createSource === true ? source : []));
  const missing = new Set(sources.flatMap((source) => missingAbove(source).toReversed()));
  return [...missing].map((path) => ({ kind: "directory", path, mode: 0o755 }));
}

/** False where the directory is not there, or cannot be read. */
export function isEmptyVolume(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

function missingAbove(path: string): readonly string[] {
  return existsSync(path) ? [] : [path, ...missingAbove(dirname(path))];
}

interface MissingPlace {
  readonly around: Bind;
  /** On the host. */
  readonly path: string;
}

function innermostAround(volumes: readonly Bind[], target: string): Bind | undefined {
  const around = volumes.filter((volume) => target.startsWith(`${volume.target}/`));
  return around.sort((one, other) => other.target.length - one.target.length)[0];
}

function noPlace(target: string, { around, path }: MissingPlace): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_PATH_MISSING",
    message: `nothing can be mounted at ${target}: volume ${around.target} around it is read-only, and ${path} does not exist`,
    hint: "Make it on the host first, or leave :ro away.",
    details: { path, target },
  });
}
