import type { ImageHistoryEntry } from "../../api/image.js";
import { hexDigest } from "./image-config.js";
import { JsonField } from "./json-document.js";

/**
 * The steps in which an image was made, newest first (image-spec config.md, `history`). `sizeOf` returns the bytes of a layer, by its
 * diff id; layers that no step accounts for are steps of their own.
 */
export async function readHistory(
  configuration: string,
  name: string,
  sizeOf: (diffId: string) => Promise<number>,
): Promise<readonly ImageHistoryEntry[]> {
  const place = { archive: `image ${name}`, member: "configuration" };
  const root = JsonField.parse(Buffer.from(configuration), place);
  const diffIds = root.at("rootfs").at("diff_ids").items().map(hexDigest);
  const sizes = await Promise.all(diffIds.map(sizeOf));
  const steps = root
    .at("history")
    .items()
    .map((step) => {
      const created = step.at("created").text();
      const makesLayer = step.at("empty_layer").flag() !== true;
      return {
        ...(created === undefined ? {} : { created }),
        createdBy: step.at("created_by").text() ?? "",
        comment: step.at("comment").text() ?? "",
        size: makesLayer ? (sizes.shift() ?? 0) : 0,
      };
    });
  const others = sizes.map((size) => ({ createdBy: "", comment: "", size }));
  return [...steps, ...others].toReversed();
}
