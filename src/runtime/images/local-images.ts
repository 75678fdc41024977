import type { Image, ImageSource, Images } from "../../api/image.js";
import { familiarImageName } from "../../contracts/image-name.js";
import type { ImageTable, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { openArchiveStream } from "./archive-stream.js";
import { DOCKER_MANIFEST, readDockerArchive } from "./docker-archive.js";
import { ImageArchive } from "./image-archive.js";
import { describeImage, writeImageConfig } from "./image-config.js";
import { normaliseImageName } from "./image-name.js";
import { type ImagePlan, mergePlans } from "./image-plan.js";
import { LayerStore, type Layers, type StagedLayer } from "./layer-store.js";
import { OCI_INDEX, readOciArchive } from "./oci-archive.js";
import { goArchitecture } from "./platform.js";
import type { Layer } from "./unpack-layer.js";

export interface LocalImagesOptions {
  /** Where layers are kept, unpacked. */
  readonly directory: string;
  readonly images: ImageTable;
  readonly transaction: Store["transaction"];
  /** Name of a container that was made from the image. */
  readonly users: (imageId: string) => string | undefined;
  /** The machine's processor, by Node's name (`process.arch`). */
  readonly architecture: string;
  readonly now: () => Date;
  /** Default: those beneath the directory. */
  readonly layers?: Layers;
}

/** Images read from archives: their rows in the store, their layers unpacked beneath a directory. */
export class LocalImages implements Omit<Images, "prune"> {
  readonly #options: LocalImagesOptions;
  readonly #layers: Layers;
  readonly #architecture: string;

  constructor(options: LocalImagesOptions) {
    this.#options = options;
    this.#layers = options.layers ?? new LayerStore(options.directory);
    this.#architecture = goArchitecture(options.architecture);
  }

  async import(source: ImageSource, name: string): Promise<Image> {
    const canonical = normaliseImageName(name);
    const archive = await openArchiveStream(source);
    return await this.#prepare(async (staging) => {
      const layer = await this.#layers.stage({ stream: archive.stream, archive: archive.name }, staging, "0");
      const created = this.#now();
      const document = writeImageConfig(layer.diffId, this.#architecture, created);
      const { id, config } = describeImage(document, { archive: archive.name, member: "configuration" });
      const image = { id, names: [canonical], layers: [layer.diffId], config, size: layer.size, created };
      await this.#keep([image], [layer]);
      return image;
    });
  }

  /** All images of the archive are kept, or none. */
  async load(source: ImageSource): Promise<readonly Image[]> {
    return await this.#prepare(async (staging) => {
      await using archive = await ImageArchive.open(source, staging);
      const plans = mergePlans(await this.#readPlans(archive));
      const { layers, staged } = await this.#stageMissing(archive, plans, staging);
      archive.finish();
      const images = plans.map((plan) => this.#makeImage(plan, layers));
      await this.#keep(images, staged);
      return images;
    });
  }

  list(): readonly Image[] {
    return this.#options.images.list();
  }

  get(ref: string): Image {
    return this.#options.images.resolve(ref);
  }

  /** Returns the image with the names it has left; without any, it is gone. */
  async remove(ref: string): Promise<Image> {
    const { images, transaction, users } = this.#options;
    const left = transaction(() => {
      const image = this.get(ref);
      const name = familiarImageName(ref);
      const isName = image.names.includes(name);
      if (!isName && image.names.length > 1) throw severalNames(ref, image);
      const names = isName ? image.names.filter((other) => other !== name) : [];
      const rest = { ...image, names };
      if (names.length > 0) {
        images.put(rest);
        return rest;
      }
      const user = users(image.id);
      if (user !== undefined) throw inUse(ref, user);
      images.delete(image.id);
      return rest;
    });
    if (left.names.length === 0) await this.#layers.removeUnused(() => this.#usedLayers(), left.layers);
    return left;
  }

  async #prepare<T>(work: (staging: string) => Promise<T>): Promise<T> {
    await this.#layers.sweep(() => this.#usedLayers());
    return await this.#layers.prepare(work);
  }

  async #readPlans(archive: ImageArchive): Promise<readonly ImagePlan[]> {
    if (archive.has(DOCKER_MANIFEST)) return await readDockerArchive(archive, this.#architecture);
    if (archive.has(OCI_INDEX)) return await readOciArchive(archive, this.#architecture);
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_IMAGE_ARCHIVE_UNKNOWN",
      message: `${archive.name} is not an image archive: it has neither ${DOCKER_MANIFEST} nor ${OCI_INDEX}`,
      hint: "Use `tsd image import` for the tar of a root file system.",
      details: { archive: archive.name },
    });
  }

  /** Unpacks the layers that are not here yet, each once, and returns all that the plans name. */
  async #stageMissing(
    archive: ImageArchive,
    plans: readonly ImagePlan[],
    staging: string,
  ): Promise<{ layers: ReadonlyMap<string, Layer>; staged: readonly StagedLayer[] }> {
    const layers = new Map<string, Layer>();
    const staged: StagedLayer[] = [];
    for (const { description, layers: members } of plans)
      for (const [at, diffId] of description.diffIds.entries()) {
        if (layers.has(diffId)) continue;
        const member = members[at] ?? "";
        const known = await this.#layers.find(diffId);
        if (known !== undefined) {
          layers.set(diffId, known);
          continue;
        }
        const name = `layer "${member}" of ${archive.name}`;
        const source = { stream: archive.stream(member), archive: name, diffId };
        const layer = await this.#layers.stage(source, staging, String(staged.length));
        staged.push(layer);
        layers.set(diffId, layer);
      }
    return { layers, staged };
  }

  /**
   * A layer that comes twice hides its lower self, and overlayfs refuses it: only the upper one counts. Nor does what lies
   * below a layer that hides all of it, for which overlayfs has no mark.
   */
  #makeImage({ description, names }: ImagePlan, known: ReadonlyMap<string, Layer>): Image {
    const { id, config } = description;
    const floor = description.diffIds.findLastIndex((diffId) => known.get(diffId)?.opaque === true);
    const counted = description.diffIds.slice(Math.max(floor, 0));
    const layers = [...new Set(counted.toReversed())].toReversed();
    const size = layers.reduce((sum, diffId) => sum + (known.get(diffId)?.size ?? 0), 0);
    return { id, names, layers, config, size, created: description.created ?? this.#now() };
  }

  /** Puts layers, then rows. Rows whose layers another process removed in between are taken back. */
  async #keep(images: readonly Image[], staged: readonly StagedLayer[]): Promise<void> {
    for (const layer of staged) await this.#layers.place(layer);
    this.#options.transaction(() => {
      for (const image of images) this.#put(image);
    });
    for (const diffId of new Set(images.flatMap((image) => image.layers))) {
      if ((await this.#layers.find(diffId)) !== undefined) continue;
      this.#options.transaction(() => {
        for (const image of images) this.#options.images.delete(image.id);
      });
      throw new TsdError({
        kind: "conflict",
        code: "TSD_IMAGE_LAYER_GONE",
        message: `another tsd process removed layer sha256:${diffId} while it was being loaded`,
        hint: "Run the command again.",
      });
    }
  }

  /** The same image again gains names. */
  #put(image: Image): void {
    const known = this.#options.images.get(image.id);
    this.#options.images.put({ ...image, names: [...new Set([...(known?.names ?? []), ...image.names])] });
  }

  #usedLayers(): readonly string[] {
    return this.list().flatMap((image) => image.layers);
  }

  #now(): string {
    return this.#options.now().toISOString();
  }
}

function severalNames(ref: string, image: Image): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_IMAGE_SEVERAL_NAMES",
    message: `image ${ref} has several names: ${image.names.join(", ")}`,
    hint: "Remove it by name, one after the other.",
    details: { id: image.id, names: image.names },
  });
}

function inUse(ref: string, container: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_IMAGE_IN_USE",
    message: `image ${ref} is used by container ${container}`,
    hint: `Remove the container first: tsd rm ${container}.`,
    details: { image: ref, container },
  });
}
