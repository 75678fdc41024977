import type {
  Image,
  ImageHistoryEntry,
  ImageRemoval,
  ImageSource,
  Images,
  ImportOptions,
  PulledImage,
  PullOptions,
} from "../../api/image.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { RegistryOptions } from "../../registry/registry.js";
import type { RegistrySettings } from "../../registry/registry-address.js";
import { openArchiveStream } from "./archive-stream.js";
import { DOCKER_MANIFEST, readDockerArchive } from "./docker-archive.js";
import { ImageArchive } from "./image-archive.js";
import { applyChanges } from "./image-changes.js";
import { describeImage, writeImageConfig } from "./image-config.js";
import { readHistory } from "./image-history.js";
import { ImageKeeper, type ImageStoreOptions } from "./image-keeper.js";
import { normaliseImageName } from "./image-name.js";
import { type ImagePlan, mergePlans } from "./image-plan.js";
import type { Layers, StagedLayer } from "./layer-store.js";
import { OCI_INDEX, readOciArchive } from "./oci-archive.js";
import { goArchitecture } from "./platform.js";
import { pullImage } from "./pull-image.js";
import { type ImageUse, takeName } from "./remove-image.js";
import { noConfiguration, saveImages } from "./save-images.js";
import type { Layer } from "./unpack-layer.js";

export interface LocalImagesOptions extends ImageStoreOptions, ImageUse {
  /** The machine's processor, by Node's name (`process.arch`). */
  readonly architecture: string;
  readonly registry: RegistryOptions & { readonly settings: () => RegistrySettings };
}

/** Images that were read from archives and registries: their rows in the store, their layers unpacked beneath a directory. */
export class LocalImages implements Omit<Images, "inspect" | "prune"> {
  readonly #options: LocalImagesOptions;
  readonly #keeper: ImageKeeper;
  readonly #layers: Layers;
  readonly #architecture: string;

  constructor(options: LocalImagesOptions) {
    this.#options = options;
    this.#keeper = new ImageKeeper(options);
    this.#layers = this.#keeper.layers;
    this.#architecture = goArchitecture(options.architecture);
  }

  async import(source: ImageSource, name?: string, { changes = [], comment }: ImportOptions = {}): Promise<Image> {
    const names = name === undefined ? [] : [normaliseImageName(name)];
    const config = applyChanges(changes);
    const archive = await openArchiveStream(source);
    return await this.#keeper.prepare(async (staging) => {
      const layer = await this.#layers.stage({ stream: archive.stream, archive: archive.name }, staging, "0");
      const created = this.#options.now().toISOString();
      const facts = {
        architecture: this.#architecture,
        created,
        config,
        ...(comment === undefined ? {} : { comment }),
      };
      const document = writeImageConfig(layer.diffId, facts);
      const description = describeImage(document, { archive: archive.name, member: "configuration" });
      const added = this.#keeper.make(
        { description, configuration: document.toString("utf8"), names },
        new Map([[layer.diffId, layer]]),
      );
      await this.#keeper.keep([added], [layer]);
      return added.image;
    });
  }

  /** All images of the archive are kept, or none. */
  async load(source: ImageSource): Promise<readonly Image[]> {
    return await this.#keeper.prepare(async (staging) => {
      await using archive = await ImageArchive.open(source, staging);
      const plans = mergePlans(await this.#readPlans(archive));
      const { layers, staged } = await this.#stageMissing(archive, plans, staging);
      archive.finish();
      const added = plans.map((plan) => this.#keeper.make(plan, layers));
      await this.#keeper.keep(added, staged);
      return added.map(({ image }) => image);
    });
  }

  pull(reference: string, options: PullOptions = {}): Promise<PulledImage> {
    const { images, registry } = this.#options;
    const parts = { keeper: this.#keeper, images, architecture: this.#architecture, registries: registry.settings };
    return pullImage({ ...registry, ...parts }, reference, options);
  }

  async tag(ref: string, name: string): Promise<Image> {
    const { images, transaction } = this.#options;
    const added = normaliseImageName(name);
    return transaction(() => {
      const image = images.resolve(ref);
      const tagged = { ...image, names: [...new Set([...image.names, added])] };
      images.put(tagged);
      return tagged;
    });
  }

  save(refs: readonly string[]): AsyncIterable<Uint8Array> {
    return saveImages({ images: this.#options.images, layers: this.#layers }, refs);
  }

  async history(ref: string): Promise<readonly ImageHistoryEntry[]> {
    const image = this.get(ref);
    const configuration = this.#options.images.configuration(image.id);
    if (configuration === undefined) throw noConfiguration(ref);
    return readHistory(configuration, ref, async (diffId) => (await this.#layers.find(diffId))?.size ?? 0);
  }

  list(): readonly Image[] {
    return this.#options.images.list();
  }

  get(ref: string): Image {
    return this.#options.images.resolve(ref);
  }

  /** Returns the image with the names it has left; without any, it is gone. */
  async remove(ref: string, options: ImageRemoval = {}): Promise<Image> {
    const { images, transaction, users } = this.#options;
    const { left, isGone } = transaction(() => takeName(images, ref, { users, ...options }));
    if (isGone) await this.#layers.removeUnused(() => this.#keeper.usedLayers(), left.layers);
    return left;
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
}
