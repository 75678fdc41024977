import type { Image } from "../../api/image.js";
import type { ImageTable, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { ImageDescription } from "./image-config.js";
import { LayerStore, type Layers, type StagedLayer } from "./layer-store.js";
import type { Layer } from "./unpack-layer.js";

export interface ImageStoreOptions {
  /** Where layers are kept, unpacked. */
  readonly directory: string;
  readonly images: ImageTable;
  readonly transaction: Store["transaction"];
  /** Layers of containers whose images may be gone. */
  readonly containerLayers: () => readonly string[];
  readonly now: () => Date;
  /** Default: those beneath the directory. */
  readonly layers?: Layers;
}

/** An image that is to be kept. */
export interface NewImage {
  readonly image: Image;
  /** The document that it is named after. */
  readonly configuration: string;
}

/** What a new image is made of. */
export interface ImageParts {
  readonly description: ImageDescription;
  readonly configuration: string;
  readonly names: readonly string[];
  readonly digests?: readonly string[];
}

/** Keeps images: layers beneath a directory, then rows in the store. */
export class ImageKeeper {
  readonly layers: Layers;

  constructor(private readonly options: ImageStoreOptions) {
    this.layers = options.layers ?? new LayerStore(options.directory);
  }

  /** Runs `work` with a directory for staging, after what dead processes left was removed. */
  async prepare<T>(work: (staging: string) => Promise<T>): Promise<T> {
    await this.layers.sweep(() => this.usedLayers());
    return await this.layers.prepare(work);
  }

  /**
   * A layer that comes twice hides its lower self, and overlayfs refuses it: only the upper one counts. Nor does what lies
   * below a layer that hides all of it, for which overlayfs has no mark.
   */
  make({ description, configuration, names, digests = [] }: ImageParts, known: ReadonlyMap<string, Layer>): NewImage {
    const { id, config } = description;
    const floor = description.diffIds.findLastIndex((diffId) => known.get(diffId)?.opaque === true);
    const counted = description.diffIds.slice(Math.max(floor, 0));
    const layers = [...new Set(counted.toReversed())].toReversed();
    const size = layers.reduce((sum, diffId) => sum + (known.get(diffId)?.size ?? 0), 0);
    const created = description.created ?? this.options.now().toISOString();
    const image = { id, names, layers, config, size, created, ...(digests.length === 0 ? {} : { digests }) };
    return { image, configuration };
  }

  /** Puts layers, then rows. Rows whose layers another process removed in between are taken back. */
  async keep(added: readonly NewImage[], staged: readonly StagedLayer[]): Promise<void> {
    const { transaction, images } = this.options;
    for (const layer of staged) await this.layers.place(layer);
    transaction(() => {
      for (const one of added) this.#put(one);
    });
    for (const diffId of new Set(added.flatMap(({ image }) => image.layers))) {
      if ((await this.layers.find(diffId)) !== undefined) continue;
      transaction(() => {
        for (const { image } of added) images.delete(image.id);
      });
      throw new TsdError({
        kind: "conflict",
        code: "TSD_IMAGE_LAYER_GONE",
        message: `another tsd process removed layer sha256:${diffId} while it was being loaded`,
        hint: "Run the command again.",
      });
    }
  }

  usedLayers(): readonly string[] {
    const { images, containerLayers } = this.options;
    return [...images.list().flatMap((image) => image.layers), ...containerLayers()];
  }

  /** The same image again gains names. */
  #put({ image, configuration }: NewImage): void {
    const { images } = this.options;
    const known = images.get(image.id);
    const digests = union(known?.digests, image.digests);
    const whole = { ...image, names: union(known?.names, image.names), ...(digests.length === 0 ? {} : { digests }) };
    images.put(whole, configuration);
  }
}

function union(known: readonly string[] = [], more: readonly string[] = []): readonly string[] {
  return [...new Set([...known, ...more])];
}
