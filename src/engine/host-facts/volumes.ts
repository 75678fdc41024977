import { existsSync } from "node:fs";
import type { Bind } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { requirePath } from "./require-path.js";

/** Throws `not-found` where a volume's source does not exist, and where a volume within a read-only one has no place. */
export function checkVolumes(volumes: readonly Bind[]): void {
  for (const { source, target } of volumes) {
    requirePath(source, "volume");
    const missing = missingPlace(volumes, target);
    if (missing !== undefined) throw noPlace(target, missing);
  }
}

/** What is mounted within a read-only volume needs a place there: to make it would be to write to that volume. */
export function missingPlace(volumes: readonly Bind[], target: string): MissingPlace | undefined {
  const around = innermostAround(volumes, target);
  if (around === undefined || !around.readOnly) return undefined;
  const path = `${around.source}${target.slice(around.target.length)}`;
  return existsSync(path) ? undefined : { around, path };
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
