import type { Readable } from "node:stream";

/** What is at a path. */
export interface PathStatus {
  /** The last name of the path; `/` for the root. */
  readonly name: string;
  readonly type: "file" | "directory" | "link" | "other";
  /** Bytes. */
  readonly size: number;
  /** As in stat(2), with the type. */
  readonly mode: number;
  /** RFC 3339. */
  readonly modified: string;
  /** Of a symbolic link. */
  readonly linkTarget?: string;
}

export interface CopyOptions {
  /** Keep the owners that the source says; else files belong to root. */
  readonly keepOwner?: boolean;
}

export interface CopySourceOptions extends CopyOptions {
  /** Copy what a symbolic link at the end of the source's path leads to, in place of the link. */
  readonly follow?: boolean;
}

export interface CopiedOut {
  readonly status: PathStatus;
  /** A tar whose names begin with the last name of the path. */
  readonly archive: Readable;
}

/** A path of a container's that it has added, changed or deleted, and its image has otherwise. */
export interface FileChange {
  readonly kind: "added" | "changed" | "deleted";
  readonly path: string;
}

/** Bytes that a container takes on the disk. */
export interface ContainerSize {
  /** What it wrote, without its volumes. */
  readonly written: number;
  /** With its image's layers. */
  readonly total: number;
}

/**
 * Files of containers, running or not, their volumes and binds among them. No symbolic link of a container's leads to a file of
 * the host, whatever the container changes meanwhile.
 */
export interface ContainerFileMethods {
  /** Throws `not-found`. */
  statPath(ref: string, path: string): Promise<PathStatus>;
  copyOut(ref: string, path: string, options?: CopySourceOptions): Promise<CopiedOut>;
  /** Unpacks a tar, compressed or not, in a directory that exists. Device nodes are left out. */
  copyIn(ref: string, path: string, archive: AsyncIterable<Uint8Array>, options?: CopyOptions): Promise<void>;
  /** Copies to a path of the host, by the rules of `docker cp`. Returns bytes of files. */
  copyToHost(ref: string, path: string, destination: string, options?: CopySourceOptions): Promise<number>;
  /** The reverse. */
  copyFromHost(ref: string, source: string, path: string, options?: CopySourceOptions): Promise<number>;
  /** What it has changed of its image. Throws `unsupported` for one without an image. */
  changes(ref: string): Promise<readonly FileChange[]>;
  /** A tar of its root file system, without what is mounted in it. */
  exportFiles(ref: string): Promise<Readable>;
  size(ref: string): Promise<ContainerSize>;
}
