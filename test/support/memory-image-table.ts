import type { Image } from "../../src/api/image.js";
import type { ImageTable } from "../../src/api/store.js";
import { TsdError } from "../../src/errors/tsd-error.js";

/** An image table that lives as long as the test. Refuses two images of one name, as the store does. */
export class MemoryImageTable implements ImageTable {
  readonly #images = new Map<string, Image>();

  put(image: Image): void {
    const rival = this.list().find(({ id, names }) => id !== image.id && names.some((n) => image.names.includes(n)));
    if (rival !== undefined) throw new Error(`${image.names} is taken by ${rival.id}`);
    this.#images.set(image.id, image);
  }

  resolve(ref: string): Image {
    const found = this.list().filter(({ id, names }) => names.includes(`${ref}:latest`) || id.startsWith(ref));
    if (found.length === 1 && found[0] !== undefined) return found[0];
    throw new TsdError({ kind: "not-found", code: "TSD_IMAGE_NOT_FOUND", message: `no image ${ref}` });
  }

  list(): readonly Image[] {
    return [...this.#images.values()];
  }

  delete(id: string): void {
    this.#images.delete(id);
  }
}
