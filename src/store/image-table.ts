import type { Image } from "../api/index.js";
import { familiarImageName } from "../contracts/image-name.js";
import type { ImageTable } from "../contracts/index.js";
import type { Connection } from "./connection.js";
import { damagedStore } from "./errors.js";
import { type Noun, notFound, resolvePrefix } from "./resolve-ref.js";

interface StoredImage {
  readonly value: string;
  /** JSON array. */
  readonly names: string;
}

const noun: Noun = {
  word: "image",
  listedBy: "tsd image ls",
  codes: { absent: "TSD_IMAGE_NOT_FOUND", ambiguous: "TSD_IMAGE_AMBIGUOUS" },
};

/** Images and their names. A name belongs to one image: the one that was put with it last. */
export class SqliteImageTable implements ImageTable {
  constructor(private readonly connection: Connection) {}

  put({ names, ...image }: Image, configuration?: string): void {
    this.connection.requireRoom();
    this.connection.transaction(() => {
      this.connection.write(
        `INSERT INTO images (id, value, configuration) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE
          SET value = excluded.value, configuration = coalesce(excluded.configuration, configuration)`,
        image.id,
        JSON.stringify(image),
        configuration ?? null,
      );
      const listed = "SELECT value FROM json_each(?)";
      const [id, list] = [image.id, JSON.stringify(names)];
      this.connection.write(`DELETE FROM image_names WHERE image_id = ? AND name NOT IN (${listed})`, id, list);
      this.connection.write(`DELETE FROM image_names WHERE image_id <> ? AND name IN (${listed})`, id, list);
      const added = `INSERT INTO image_names (name, image_id) SELECT value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`;
      this.connection.write(added, id, list);
    });
  }

  get(id: string): Image | undefined {
    return this.select("WHERE images.id = ?", id);
  }

  configuration(id: string): string | undefined {
    const sql = "SELECT configuration FROM images WHERE id = ? AND configuration IS NOT NULL";
    return this.connection.all<{ readonly configuration: string }>(sql, id)[0]?.configuration;
  }

  resolve(ref: string): Image {
    const [name = "", digest] = ref.split("@sha256:", 2);
    if (digest !== undefined) return this.pinned(ref, name, digest);
    const id = ref.replace(/^sha256:/, "");
    const exact = this.named(ref) ?? this.get(id);
    if (exact !== undefined) return exact;
    const image = this.get(resolvePrefix(this.connection, "images", noun, id));
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

  private named(name: string): Image | undefined {
    return this.select("WHERE images.id = (SELECT image_id FROM image_names WHERE name = ?)", familiarImageName(name));
  }

  /**
   * As docker, which lets the digest decide and passes over the tag; but the image must go by that name. The digest is a
   * registry's, or the id.
   */
  private pinned(ref: string, name: string, digest: string): Image {
    const repository = repositoryOf(familiarImageName(name));
    const pulled = this.list().find(({ digests = [] }) => digests.includes(`${repository}@sha256:${digest}`));
    if (pulled !== undefined) return pulled;
    const image = this.get(digest);
    if (image?.names.some((other) => repositoryOf(other) === repository)) return image;
    throw notFound(noun, ref);
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

function repositoryOf(name: string): string {
  return name.slice(0, name.lastIndexOf(":"));
}
