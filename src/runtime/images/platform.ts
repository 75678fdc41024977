import { TsdError } from "../../errors/tsd-error.js";
import type { ImageDescription } from "./image-config.js";

/** What an image runs on, in Go's words (image-spec image-index.md). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** `v7` of arm, `v8` of arm64; undefined: not stated. */
  readonly variant?: string;
}

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
  if (platform === undefined || platform === "linux/") return true;
  const [os, actual] = platform.split("/");
  return os === "linux" && actual === architecture;
}

/** Reads `[OS/]ARCHITECTURE[/VARIANT]`, with docker's other names of processors. Throws `invalid-input`. */
export function parsePlatform(text: string): Platform {
  const words = text.toLowerCase().split("/");
  const [os = "", word = "", variant, ...more] = words.length === 1 ? ["linux", ...words] : words;
  const isWord = (part: string) => /^[a-z0-9][a-z0-9_.-]*$/.test(part);
  if (more.length > 0 || ![os, word, variant ?? "v"].every(isWord))
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_IMAGE_PLATFORM_INVALID",
      message: `"${text}" is not a platform`,
      hint: "Write OS/ARCHITECTURE[/VARIANT], such as linux/arm64 or linux/arm/v7.",
      details: { platform: text },
    });
  const [architecture = word, implied] = aliases[word] ?? [word];
  const stated = variant ?? implied;
  return { os, architecture, ...(stated === undefined ? {} : { variant: stated }) };
}

/** As containerd reads them (platforms.normalizeArch). */
const aliases: Readonly<Record<string, readonly [string, string?]>> = {
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  aarch64: ["arm64"],
  i386: ["386"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
};

/** The variant that is meant where none is stated. */
const usual: Readonly<Record<string, string>> = { amd64: "v1", arm: "v7", arm64: "v8" };

/**
 * How well what an index offers serves what is wanted: 0 is exactly that, more is an older variant, undefined not at all. A
 * processor runs what older variants of its kind run (containerd, platforms.Only).
 */
export function distance(offered: Platform, wanted: Platform): number | undefined {
  if (offered.os !== wanted.os || offered.architecture !== wanted.architecture) return undefined;
  const level = ({ architecture, variant }: Platform) =>
    Number.parseInt((variant ?? usual[architecture] ?? "v0").replace(/^v/, ""), 10);
  const [has, needs] = [level(wanted), level(offered)];
  if (Number.isNaN(has) || Number.isNaN(needs)) return offered.variant === wanted.variant ? 0 : undefined;
  return needs > has ? undefined : has - needs;
}

export function platformText({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
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
