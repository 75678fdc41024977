import type { HealthCheck } from "./container-life.js";
import type { Labels } from "./network.js";
import type { Pruned } from "./volume.js";

/** What an image says about the container to make from it; the fields of the OCI image configuration that tsd uses. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** `KEY=value`. */
  readonly env: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  /** `80/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly labels?: Labels;
  readonly stopSignal?: string;
  readonly health?: HealthCheck;
  /** Paths that get a volume without a name each, unless the user mounts something there. */
  readonly volumes?: readonly string[];
}

export interface Image {
  /** Hex SHA-256 of the image configuration. */
  readonly id: string;
  /** `busybox:latest`; an image may have several names. */
  readonly names: readonly string[];
  /** Hex SHA-256 of each uncompressed layer, lowest first. */
  readonly layers: readonly string[];
  readonly config: ImageConfig;
  /** Bytes of all layers, uncompressed. */
  readonly size: number;
  /** RFC 3339. */
  readonly created: string;
}

/** Reading an image: bytes of the archive so far, and of all of it where that is known. */
export type Progress = (done: number, total: number | undefined) => void;

export interface ImageSource {
  /** File path, or a stream such as standard input. */
  readonly from: string | NodeJS.ReadableStream;
  readonly onProgress?: Progress;
}

export interface ImagePruneOptions {
  /** Unused images that have a name go too. */
  readonly all?: boolean;
  readonly isMeant?: (image: Image) => boolean;
}

export interface Images {
  /** Makes a one-layer image from a tar of a root file system, compressed or not. */
  import(source: ImageSource, name: string): Promise<Image>;
  /** Reads `docker save` archives and OCI layouts; returns every image in the archive, with the names it has there. */
  load(source: ImageSource): Promise<readonly Image[]>;
  list(): readonly Image[];
  /** By name, `NAME@sha256:ID`, or id prefix. Throws `not-found`. */
  get(ref: string): Image;
  /** Takes one name away, and the image with its last name. Throws `conflict` naming the container that uses it. */
  remove(ref: string): Promise<Image>;
  /** Removes those that no container has: the ones without a name, or with `all` every one. */
  prune(options?: ImagePruneOptions): Promise<Pruned<Image>>;
}
