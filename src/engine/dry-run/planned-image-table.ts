import type { Image, OnStep } from "../../api/index.js";
import type { ImageTable } from "../../contracts/index.js";

/** Rows of images that report each change. */
export class PlannedImageTable implements ImageTable {
  constructor(
    private readonly copy: ImageTable,
    private readonly tell: OnStep,
  ) {}

  put(image: Image, configuration?: string): void {
    this.copy.put(image, configuration);
    const names = image.names.length === 0 ? "" : ` as ${image.names.join(", ")}`;
    this.tell({ verb: "run", what: `keep image sha256:${image.id}${names}`, sends: [] });
  }

  get(id: string): Image | undefined {
    return this.copy.get(id);
  }

  configuration(id: string): string | undefined {
    return this.copy.configuration(id);
  }

  resolve(ref: string): Image {
    return this.copy.resolve(ref);
  }

  list(): readonly Image[] {
    return this.copy.list();
  }

  delete(id: string): void {
    this.copy.delete(id);
    this.tell({ verb: "run", what: `forget image sha256:${id}`, sends: [] });
  }
}
