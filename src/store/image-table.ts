import type { Image, ImageTable } from "../api/index.js";
import type { Connection } from "./connection.js";
import { damagedStore } from "./errors.js";
import { type Noun, notFound, resolvePrefix } from "./resolve-ref.js";

interface StoredImage {
  readonly value: string;
  /** JSON array. */
  readonly names: string;
}

const noun: Noun = { word: "image", listedBy: "tsd image ls" };

/** Images and their names. A name belongs to one image: the one that was put with it last. */
export class SqliteImageTable implements ImageTable {
  constructor(private readonly connection: Connection) {}

  put({ names, ...image }: Image): void {
    this.connection.transaction(() => {
      this.connection.write(
        "INSERT INTO images (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
        image.id,
        JSON.stringify(image),
      );
      this.connection.write("DELETE FROM image_names WHERE image_id = ?", image.id);
      for (const name of names)
        this.connection.write("INSERT OR REPLACE INTO image_names (name, image_id) VALUES (?, ?)", name, image.id);
    });
  }

  get(id: string): Image | undefined {
    return this.select("WHERE images.id = ?", id);
  }

  resolve(ref: string): Image {
    const exact =
      this.select("WHERE images.id = (SELECT image_id FROM image_names WHERE name = ?)", withTag(ref)) ?? this.get(ref);
    if (exact !== undefined) return exact;
    const image = this.select("WHERE images.id = ?", resolvePrefix(this.connection, "images", noun, ref));
    if (image === undefined) throw notFound(noun, ref);
    return image;
  }

  list(): readonly Image[] {
    return this.selectAll("");
  }

  /** Its names go with it. An image that is gone already counts as deleted. */
  delete(id: string): void {
    this.connection.write("DELETE FROM images WHERE id = ?", id);
  }

  private select(where: string, value: string): Image | undefined {
    return this.selectAll(where, value)[0];
  }

  private selectAll(where: string, ...values: readonly string[]): readonly Image[] {
    const names = "SELECT json_group_array(name ORDER BY seq) FROM image_names WHERE image_id = images.id";
    const sql = `SELECT value, (${names}) AS names FROM images ${where} ORDER BY seq`;
    return this.connection.all<StoredImage>(sql, ...values).map((stored) => this.parse(stored));
  }

  private parse({ value, names }: StoredImage): Image {
    try {
      return { ...JSON.parse(value), names: JSON.parse(names) };
    } catch (error) {
      throw damagedStore(this.connection.path, "an image in it cannot be read", error);
    }
  }
}

/** `busybox` is short for `busybox:latest`; the colon of a registry's port is not a tag's. */
function withTag(name: string): string {
  return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}
