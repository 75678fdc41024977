import type { Containers, DiskUsage, Image, ImageUsage, Volumes } from "../../api/index.js";
import type { Parts } from "../contracts/parts.js";

type UsageParts = Pick<Parts, "store" | "files" | "layerDirectory">;

/** Measures each layer once. */
export async function measureDiskUsage(
  { store, files, layerDirectory }: UsageParts,
  {
    containers,
    volumes,
  }: { readonly containers: Pick<Containers, "list" | "size">; readonly volumes: Pick<Volumes, "list" | "size"> },
): Promise<DiskUsage> {
  const images = store.images.list();
  const made = containers.list({ all: true }).map(({ container }) => container);
  const used = new Set(made.flatMap(({ layers }) => layers));
  const sizes = new Map<string, number>();
  for (const layer of new Set([...images.flatMap(({ layers }) => layers), ...used]))
    sizes.set(layer, await (await files()).size(layerDirectory(layer)));
  const sum = (layers: Iterable<string>): number =>
    [...layers].reduce((all, layer) => all + (sizes.get(layer) ?? 0), 0);
  const usageOf = (image: Image): ImageUsage => {
    const others = new Set(images.filter(({ id }) => id !== image.id).flatMap(({ layers }) => layers));
    return {
      image,
      size: sum(image.layers),
      shared: sum(image.layers.filter((layer) => others.has(layer))),
      users: made.filter(({ imageId }) => imageId === image.id).length,
    };
  };
  return {
    images: images.map(usageOf),
    layers: sum(sizes.keys()),
    unusedLayers: sum([...sizes.keys()].filter((layer) => !used.has(layer))),
    containers: await each(made, async (container) => ({ container, size: await containers.size(container.id) })),
    volumes: await each(volumes.list(), async ({ volume, users }) => ({
      ...{ volume, users: users.length },
      size: await volumes.size(volume.id),
    })),
  };
}

/** One after the other: the disk is no faster for many. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
