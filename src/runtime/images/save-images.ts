import type { Image } from "../../api/image.js";
import { familiarImageName } from "../../contracts/image-name.js";
import type { ImageTable } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { hexDigest } from "./image-config.js";
import { JsonField } from "./json-document.js";
import type { Layers } from "./layer-store.js";
import { BLOCK, encodeHeader } from "./tar-header.js";

/** An image as an archive has it. */
interface SavedImage {
  readonly image: Image;
  readonly configuration: string;
  readonly names: string[];
  readonly diffIds: readonly string[];
}

/** What images are saved from. */
export interface SaveParts {
  readonly images: ImageTable;
  readonly layers: Pick<Layers, "find" | "archive">;
}

/**
 * A `docker save` archive (moby, image/spec/v1.2.md) of the images that `refs` name. Whether all can be saved is known before the
 * first byte. Throws `not-found`, and `unsupported` for what an earlier version of tsd read.
 */
export async function* saveImages(parts: SaveParts, refs: readonly string[]): AsyncGenerator<Buffer> {
  const saved = chooseImages(parts.images, refs);
  const sizes = new Map<string, number>();
  for (const { image, diffIds } of saved)
    for (const diffId of diffIds) {
      const layer = await parts.layers.find(diffId);
      if (layer === undefined) throw notWhole(image, diffId);
      sizes.set(diffId, layer.size);
    }
  for (const [diffId, size] of sizes) {
    yield encodeHeader(layerFile(diffId), size);
    yield* parts.layers.archive(diffId);
    yield padding(size);
  }
  for (const { image, configuration } of saved) yield* document(`${image.id}.json`, configuration);
  const manifest = saved.map(({ image, names, diffIds }) => ({
    Config: `${image.id}.json`,
    RepoTags: names,
    Layers: diffIds.map(layerFile),
  }));
  yield* document("manifest.json", JSON.stringify(manifest));
  yield Buffer.alloc(2 * BLOCK);
}

/** Each image once, with those of its names by which it was asked for. */
function chooseImages(images: ImageTable, refs: readonly string[]): readonly SavedImage[] {
  const saved = new Map<string, SavedImage>();
  for (const ref of refs) {
    const image = images.resolve(ref);
    const configuration = images.configuration(image.id);
    if (configuration === undefined) throw noConfiguration(ref);
    const place = { archive: `image ${ref}`, member: "configuration" };
    const root = JsonField.parse(Buffer.from(configuration), place).at("rootfs");
    const diffIds = root.at("diff_ids").items().map(hexDigest);
    const one = saved.get(image.id) ?? { image, configuration, names: [], diffIds };
    const name = familiarImageName(ref);
    if (image.names.includes(name) && !one.names.includes(name)) one.names.push(name);
    saved.set(image.id, one);
  }
  return [...saved.values()];
}

function layerFile(diffId: string): string {
  return `${diffId}.tar`;
}

function* document(name: string, text: string): Generator<Buffer> {
  const bytes = Buffer.from(text);
  yield encodeHeader(name, bytes.length);
  yield bytes;
  yield padding(bytes.length);
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The error for an image whose configuration was not kept. */
export function noConfiguration(ref: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_CONFIGURATION_UNKNOWN",
    message: `an earlier version of tsd read image ${ref}, and did not keep its configuration`,
    hint: "Pull or load the image again.",
    details: { image: ref },
  });
}

function notWhole({ id }: Image, diffId: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_NOT_WHOLE",
    message: `image sha256:${id} cannot be saved: layer sha256:${diffId} is not here, since a layer above hides all of it`,
    hint: "Save the image where it came from.",
    details: { id, diffId },
  });
}
