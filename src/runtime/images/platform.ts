import { TsdError } from "../../errors/tsd-error.js";
import type { ImageDescription } from "./image-config.js";

/** Go's names of processors, which images use, where Node's differ. */
const goArchitectures: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
  ppc64: "ppc64le",
  loong64: "loong64",
};

/** The name that images give the processor which Node calls `architecture`. */
export function goArchitecture(architecture: string): string {
  return goArchitectures[architecture] ?? architecture;
}

/** An image that says nothing of its machine fits. `architecture` is Go's name. */
export function fitsPlatform({ platform }: ImageDescription, architecture: string): boolean {
  return platform === undefined || platform === "linux/" || platform === `linux/${architecture}`;
}

/** The error for an archive whose images are for other machines; `found` is one of these. */
export function wrongPlatform(archive: string, architecture: string, found?: string): TsdError {
  const other = found === undefined ? "" : `, but one for ${found}`;
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_PLATFORM",
    message: `${archive} has no image for linux/${architecture}${other}`,
    hint: `Save the image for this machine: docker pull --platform linux/${architecture} NAME.`,
    details: { archive, architecture },
  });
}
