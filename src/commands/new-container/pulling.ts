import { Flags, type Interfaces } from "@oclif/core";
import type { Tsd } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { contentTrustFlag, platformFlag } from "../definitions.js";
import { optional } from "../optional.js";
import type { Surroundings } from "../surroundings.js";

/** Where the image of a new container comes from. */
export const pullFlags = {
  pull: Flags.string({
    description: "Fetch the image always, if it is missing, or never.",
    options: ["always", "missing", "never"],
    default: "missing",
  }),
  platform: platformFlag,
  quiet: Flags.boolean({ char: "q", description: "Show no progress of the fetch." }),
  "disable-content-trust": contentTrustFlag,
};

interface Wanted {
  readonly flags: Interfaces.InferredFlags<typeof pullFlags>;
  /** Absent where a root file system is used. */
  readonly image: string | undefined;
  readonly surroundings: Surroundings;
  readonly dryRun: boolean;
}

/**
 * Does `work`, which needs the image, as docker does: fetches the image before it where that is asked for, and if the image turns out
 * to be missing fetches it and begins again. An image that is here costs nothing.
 */
export async function withImage<T>(tsd: Tsd, wanted: Wanted, work: () => Promise<T>): Promise<T> {
  const { flags, image } = wanted;
  if (image === undefined || flags.pull === "never") return work();
  if (flags.pull === "always") {
    await pull(tsd, wanted, image);
    return work();
  }
  try {
    return await work();
  } catch (error) {
    if (!isMissing(error, image)) throw error;
    if (!wanted.dryRun) (await import("../pull-progress.js")).reportMissing(image, wanted.surroundings);
    await pull(tsd, wanted, image).catch((failure) => {
      throw neitherHereNorThere(error, failure);
    });
    return work();
  }
}

async function pull(tsd: Tsd, { flags, surroundings, dryRun }: Wanted, image: string): Promise<void> {
  const options = optional("platform", flags.platform);
  if (flags.quiet || dryRun) {
    await tsd.images.pull(image, options);
    return;
  }
  const { pullVisibly } = await import("../pull-progress.js");
  await pullVisibly(tsd, image, options, { surroundings, descriptor: 2 });
}

function isMissing(error: unknown, image: string): error is TsdError {
  return TsdError.is(error, "not-found") && error.code === "TSD_IMAGE_NOT_FOUND" && error.details.ref === image;
}

/** One sentence of both: a name that was mistyped is not here, and no registry has it. */
function neitherHereNorThere(missing: TsdError, failure: unknown): unknown {
  if (!TsdError.is(failure)) return failure;
  return new TsdError({
    kind: "not-found",
    code: missing.code,
    message: `${missing.message}, and cannot be pulled: ${failure.message}`,
    hint: `${missing.hint} ${failure.hint ?? ""}`.trim(),
    details: { ...missing.details, pull: failure.code },
    cause: failure,
  });
}
