/** Resources that are files, directories and mounts of the host. */

export interface Directory {
  readonly kind: "directory";
  readonly path: string;
  /** Permission bits; default 0o700. */
  readonly mode?: number;
}

export interface File {
  readonly kind: "file";
  readonly path: string;
  readonly content: string;
  /** Permission bits; default 0o600. */
  readonly mode?: number;
  /**
   * Present where others write in the file too. Then `content` and `mode` are what it is made with; from then on only lines
   * that end in this mark are kept as `content` has them, and all others belong to the program that wrote them.
   */
  readonly mark?: string;
  /** With `mark`: what `content` was before. A file with exactly that text was changed by no other, and gets the new one. */
  readonly replaces?: readonly string[];
}

/**
 * A directory that keeps data of containers: `path`/_data. Its content, mode and owner are theirs, so only that it is there
 * counts.
 */
export interface VolumeDirectory {
  readonly kind: "volume";
  /** Holds the data, and what is copied for it. */
  readonly path: string;
  /** The data is in memory: options of tmpfs(5), separated by commas. */
  readonly tmpfs?: string;
  /** What the data begins as, if it is empty. */
  readonly content?: VolumeContent;
}

/** What a root file system has at a path. Symbolic links of the path stay within the root file system. */
export interface VolumeContent {
  /** The root file system: a directory, or layers of which the first is the topmost. */
  readonly root: string | readonly string[];
  readonly path: string;
}

/**
 * What `path` within a volume leads to, mounted below `place`, so that a runtime finds it there whatever the volume's users do
 * to the path meanwhile.
 */
export interface VolumePart {
  readonly kind: "volume part";
  /** Where it is mounted. */
  readonly place: string;
  /** The volume's data on the host. */
  readonly volume: string;
  readonly path: string;
}

/** An overlay mount: `lower` (topmost first) under a writable `upper`. */
export interface Overlay {
  readonly kind: "overlay";
  readonly path: string;
  readonly lower: readonly string[];
  readonly upper: string;
  readonly work: string;
  /** What is written is removed with the mount, so that it need not reach the disk (overlayfs.rst, "Volatile mount"). */
  readonly volatile?: boolean;
}

/** A file system in memory that anyone may write to, without programs and devices: what containers share as /dev/shm. */
export interface Tmpfs {
  readonly kind: "tmpfs";
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}
