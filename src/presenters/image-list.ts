import type { Image } from "../api/index.js";
import { byteSize } from "./byte-size.js";
import { goTime } from "./go-time.js";
import { timeAgo } from "./human-duration.js";
import { labelOf } from "./labels-text.js";
import type { ListRow, ListView } from "./list-view.js";
import { shortId } from "./short-id.js";

type ImageField = "ID" | "Repository" | "Tag" | "Digest" | "CreatedSince" | "CreatedAt" | "Size";

export const imageView: ListView<ImageField> = {
  headings: {
    ID: "IMAGE ID",
    Repository: "REPOSITORY",
    Tag: "TAG",
    Digest: "DIGEST",
    CreatedSince: "CREATED",
    CreatedAt: "CREATED AT",
    Size: "SIZE",
  },
  columns: ["Repository", "Tag", "ID", "CreatedSince", "Size"],
  quiet: "ID",
};

/** docker's `--digests`. */
export const digestView: ListView<ImageField> = {
  ...imageView,
  columns: ["Repository", "Tag", "Digest", "ID", "CreatedSince", "Size"],
};

/** A row for each name of the image, one even for an image without; `now` in milliseconds since the epoch. */
export function imageRows(
  image: Image,
  options: { readonly now: number; readonly full: boolean },
): readonly ListRow<ImageField>[] {
  const names = image.names.length === 0 ? ["<none>:<none>"] : image.names;
  return names.map((name) => ({
    ID: options.full ? `sha256:${image.id}` : shortId(image.id),
    Repository: name.slice(0, name.lastIndexOf(":")),
    Tag: name.slice(name.lastIndexOf(":") + 1),
    Digest: "<none>",
    CreatedSince: timeAgo(image.created, options.now),
    CreatedAt: goTime(image.created),
    Size: byteSize(image.size),
    Label: labelOf(image.config.labels),
  }));
}
