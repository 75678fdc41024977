import type { Image, ImagePruneOptions, Images, Pruned } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";

type PruneParts = Pick<Parts, "store" | "files" | "layerDirectory">;

/** Removes images that no container has, those without a name or all, and counts the layers that go with them. */
export async function pruneImages(
  { store, files, layerDirectory }: PruneParts,
  images: Pick<Images, "list" | "remove">,
  { all = false, isMeant = () => true }: ImagePruneOptions,
): Promise<Pruned<Image>> {
  const used = new Set(store.containers.list().map(({ container }) => container.imageId));
  const unused = images.list().filter(({ id, names }) => !used.has(id) && (all || names.length === 0));
  const removed: Image[] = [];
  let bytes = 0;
  for (const image of unused.filter(isMeant)) {
    const others = new Set(images.list().flatMap(({ id, layers }) => (id === image.id ? [] : layers)));
    let size = 0;
    for (const layer of image.layers) if (!others.has(layer)) size += await (await files()).size(layerDirectory(layer));
    try {
      for (const name of image.names.length === 0 ? [image.id] : image.names) await images.remove(name);
    } catch (error) {
      if (TsdError.is(error, "conflict") || TsdError.is(error, "not-found")) continue;
      throw error;
    }
    removed.push(image);
    bytes += size;
  }
  return { removed, bytes };
}
