import type { Container } from "./container.js";
import type { ContainerSize } from "./container-files.js";
import type { Image } from "./image.js";
import type { Volume } from "./volume.js";

/** Bytes that things of tsd's take on the disk, measured without what is mounted in them. */
export interface DiskUsage {
  readonly images: readonly ImageUsage[];
  /** Of all layers, each once. */
  readonly layers: number;
  /** Of the layers that no container has. */
  readonly unusedLayers: number;
  readonly containers: readonly { readonly container: Container; readonly size: ContainerSize }[];
  readonly volumes: readonly { readonly volume: Volume; readonly users: number; readonly size: number }[];
}

export interface ImageUsage {
  readonly image: Image;
  readonly size: number;
  /** Of the layers that other images have too. */
  readonly shared: number;
  /** How many containers are made from it. */
  readonly users: number;
}
