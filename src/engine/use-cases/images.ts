import type { Image, ImagePruneOptions, ImageSource, Images, Pruned } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { pruneImages } from "./prune-images.js";

/** What reads and removes layers. */
type ImageArchives = Omit<Images, "prune">;

/** Reads from the store what needs no archive, and loads the reader of archives only for the rest. */
export class ImageUseCases implements Images {
  constructor(
    private readonly store: Pick<Store, "images" | "requireRoom">,
    private readonly archives: () => Promise<ImageArchives>,
    private readonly parts: Pick<Parts, "store" | "files" | "layerDirectory">,
  ) {}

  async import(source: ImageSource, name: string): Promise<Image> {
    this.store.requireRoom();
    return (await this.archives()).import(source, name);
  }

  async load(source: ImageSource): Promise<readonly Image[]> {
    this.store.requireRoom();
    return (await this.archives()).load(source);
  }

  list(): readonly Image[] {
    return this.store.images.list();
  }

  get(ref: string): Image {
    return this.store.images.resolve(ref);
  }

  async prune(options: ImagePruneOptions = {}): Promise<Pruned<Image>> {
    return pruneImages(this.parts, this, options);
  }

  async remove(ref: string): Promise<Image> {
    return (await this.archives()).remove(ref);
  }
}
