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
  /** `busybox@sha256:…`: what registries call it, by the digest of the document that the name led to. */
  readonly digests?: readonly string[];
}

/** An image, and the document that it is named after. */
export interface ImageDetails {
  readonly image: Image;
  /** The OCI image configuration, as it was read; absent for an image that an earlier version of tsd read. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** One step in which an image was made, newest first. */
export interface ImageHistoryEntry {
  /** RFC 3339. */
  readonly created?: string;
  readonly createdBy: string;
  readonly comment: string;
  /** Bytes of its layer, uncompressed; 0 for a step that made none. */
  readonly size: number;
}

/** Reading an image: bytes of the archive so far, and of all of it where that is known. */
export type Progress = (done: number, total: number | undefined) => void;

export interface ImageSource {
  /** File path, or a stream such as standard input. */
  readonly from: string | NodeJS.ReadableStream;
  readonly onProgress?: Progress;
}

/** What happens to one layer while an image is pulled. */
export interface LayerProgress {
  /** The first 12 digits of its digest. */
  readonly layer: string;
  readonly status: "waiting" | "exists" | "downloading" | "downloaded" | "complete";
  /** Bytes of the compressed layer so far, and of all of it. */
  readonly done: number;
  readonly total: number;
}

/** What a registry asks of a user. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: string;
}

export interface PullOptions {
  /** `OS/ARCHITECTURE[/VARIANT]`; default this machine's. */
  readonly platform?: string;
  /** The image was found; its name in full. */
  readonly onFound?: (reference: string) => void;
  readonly onProgress?: (progress: LayerProgress) => void;
  /** Of the registry that the image is named after, which alone gets them. Absent: those of docker's own file. */
  readonly credentials?: RegistryCredentials | "none";
  /** Ends the pull between two pieces of a layer. Nothing of it is kept. */
  readonly signal?: AbortSignal;
}

export interface PulledImage {
  readonly image: Image;
  /** In full: `docker.io/library/busybox:latest`, or with a digest. */
  readonly reference: string;
  /** Of the document that the name led to, `sha256:…`. */
  readonly digest: string;
  /** False if the name stood for this image before. */
  readonly isNew: boolean;
}

export interface ImportOptions {
  /** docker's `--change`, instructions of a Dockerfile: `CMD ["sh"]`, `ENV A=b`, `EXPOSE 80`. */
  readonly changes?: readonly string[];
  readonly comment?: string;
}

export interface ImageRemoval {
  /** All names of an image that is named by its id, and the image although stopped containers use it. */
  readonly force?: boolean;
}

export interface ImagePruneOptions {
  /** Unused images that have a name go too. */
  readonly all?: boolean;
  readonly isMeant?: (image: Image) => boolean;
}

export interface Images {
  /** Makes a one-layer image from a tar of a root file system, compressed or not. */
  import(source: ImageSource, name?: string, options?: ImportOptions): Promise<Image>;
  /**
   * Fetches an image that the registry has under this name, `[HOST[:PORT]/]NAME[:TAG][@DIGEST]`, and what of it is not here. Throws
   * `not-found`, `permission`, `runtime` where the registry fails, and `invalid-input` for what it should not have sent.
   */
  pull(reference: string, options?: PullOptions): Promise<PulledImage>;
  /** Gives an image one more name, which another image loses. */
  tag(ref: string, name: string): Promise<Image>;
  /** A `docker save` archive of images, each under the name that it was asked for by, with the same ids. */
  save(refs: readonly string[]): AsyncIterable<Uint8Array>;
  /** Newest first. Throws `unsupported` for an image that an earlier version of tsd read. */
  history(ref: string): Promise<readonly ImageHistoryEntry[]>;
  inspect(ref: string): ImageDetails;
  /** Reads `docker save` archives and OCI layouts; returns every image in the archive, with the names it has there. */
  load(source: ImageSource): Promise<readonly Image[]>;
  list(): readonly Image[];
  /** By name, `NAME@sha256:DIGEST` of a registry's digest or the id, or id prefix. Throws `not-found`. */
  get(ref: string): Image;
  /** Takes one name away, and the image with its last name. Throws `conflict` naming the container that uses it. */
  remove(ref: string, options?: ImageRemoval): Promise<Image>;
  remove(ref: string): Promise<Image>;
  /** Removes those that no container has: the ones without a name, or with `all` every one. */
  prune(options?: ImagePruneOptions): Promise<Pruned<Image>>;
}
