import { join } from "node:path";

/** Enough of a digest to distinguish layers, and short: overlay's options, one path per layer, must fit one page. */
const NAME_LENGTH = 16;

/** The name of a layer's directory and record. `diffId` is the hex SHA-256 of the uncompressed layer. */
export function layerName(diffId: string): string {
  return diffId.slice(0, NAME_LENGTH);
}

/** Where the unpacked layer lies; `store` is the image store's directory. Fit to be a lowerdir of overlayfs. */
export function layerPath(store: string, diffId: string): string {
  return join(store, "layers", layerName(diffId));
}

/** The image store's directory, below tsd's root. */
export function imageDirectory(root: string): string {
  return join(root, "images");
}
