import { damagedArchive } from "./damaged-archive.js";
import type { ImageArchive } from "./image-archive.js";
import { describeImage, type ImageDescription } from "./image-config.js";
import { normaliseImageName } from "./image-name.js";

/** An image as an archive holds it, nothing of it unpacked yet. */
export interface ImagePlan {
  readonly description: ImageDescription;
  readonly names: readonly string[];
  /** Members of the archive, lowest layer first, one per diff id. */
  readonly layers: readonly string[];
}

export interface ImageParts {
  readonly configuration: Buffer;
  readonly layers: readonly string[];
  /** As the archive writes them. */
  readonly names: readonly string[];
}

/** Puts the parts that a manifest names together. Throws `invalid-input` where they do not fit. */
export function planImage(archive: ImageArchive, parts: ImageParts): ImagePlan {
  const description = describeImage(parts.configuration, archive.name);
  const { layers } = parts;
  if (layers.length !== description.diffIds.length)
    throw damagedArchive(
      archive.name,
      `lists ${layers.length} layers for an image whose configuration has ${description.diffIds.length}`,
    );
  return { description, layers, names: [...new Set(parts.names.map((name) => normaliseImageName(name)))] };
}
