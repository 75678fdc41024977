import type {
  Image,
  ImageDetails,
  ImageHistoryEntry,
  ImagePruneOptions,
  ImageRemoval,
  ImageSource,
  Images,
  ImportOptions,
  Pruned,
  PulledImage,
  PullOptions,
} from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { noteEvents } from "../rows/note-event.js";
import { pruneImages } from "./prune-images.js";

/** What reads and removes layers. */
type ImageArchives = Omit<Images, "inspect" | "prune">;

/** Reads from the store what needs no archive, and loads the reader of archives only for the rest. */
export class ImageUseCases implements Images {
  constructor(
    private readonly store: Pick<Store, "images" | "requireRoom" | "changes" | "unsyncedTransaction">,
    private readonly archives: () => Promise<ImageArchives>,
    private readonly parts: Pick<Parts, "store" | "files" | "layerDirectory">,
  ) {}

  async import(source: ImageSource, name?: string, options?: ImportOptions): Promise<Image> {
    this.store.requireRoom();
    const image = await (await this.archives()).import(source, name, options);
    this.note("import", image);
    return image;
  }

  async load(source: ImageSource): Promise<readonly Image[]> {
    this.store.requireRoom();
    const images = await (await this.archives()).load(source);
    this.note("load", ...images);
    return images;
  }

  private note(action: string, ...images: readonly Image[]): void {
    const events = images.map(({ id, names: [name] }) => ({
      kind: "image" as const,
      id,
      name: name ?? `sha256:${id}`,
      action,
    }));
    noteEvents(this.store, ...events);
  }

  async pull(reference: string, options?: PullOptions): Promise<PulledImage> {
    this.store.requireRoom();
    const pulled = await (await this.archives()).pull(reference, options);
    this.note("pull", pulled.image);
    return pulled;
  }

  async tag(ref: string, name: string): Promise<Image> {
    this.store.requireRoom();
    return (await this.archives()).tag(ref, name);
  }

  async *save(refs: readonly string[]): AsyncGenerator<Uint8Array> {
    yield* (await this.archives()).save(refs);
  }

  async history(ref: string): Promise<readonly ImageHistoryEntry[]> {
    return (await this.archives()).history(ref);
  }

  inspect(ref: string): ImageDetails {
    const image = this.get(ref);
    const text = this.store.images.configuration(image.id);
    return { image, ...(text === undefined ? {} : { configuration: JSON.parse(text) }) };
  }

  list(): readonly Image[] {
    return this.store.images.list();
  }

  get(ref: string): Image {
    return this.store.images.resolve(ref);
  }

  async remove(ref: string, options?: ImageRemoval): Promise<Image> {
    return (await this.archives()).remove(ref, options);
  }

  async prune(options: ImagePruneOptions = {}): Promise<Pruned<Image>> {
    return pruneImages(this.parts, this, options);
  }
}
