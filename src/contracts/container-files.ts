import type { CopyOptions, FileChange, Overlay, PathStatus, RuntimeProcess } from "../api/index.js";

/** Which files are those of a container. */
export type FileView = RunningView | StoppedView;

/** As its processes see them. */
interface RunningView {
  readonly kind: "running";
  readonly process: RuntimeProcess;
}

/** As its processes would see them, but for what exists only while it runs. */
export interface StoppedView {
  readonly kind: "stopped";
  /** The user's own directory, or what is to be mounted. */
  readonly root: string | Overlay;
  /** Outer ones before those within them. */
  readonly mounts: readonly ViewMount[];
  /**
   * True for one that is read alone. It has none of the container's files to itself, so that the container can be started and removed
   * meanwhile, however long its reader takes.
   */
  readonly readOnly: boolean;
}

export interface ViewMount {
  readonly source: string;
  /** A path below `source`. */
  readonly within?: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface FollowOptions {
  /** What a symbolic link at the end of the path leads to, in place of the link. */
  readonly follow?: boolean;
  /** Of an archive: holes of files take no room, which readers other than GNU's and tsd's may not know. */
  readonly sparse?: boolean;
  /** Of an archive: without what is mounted below. */
  readonly oneFileSystem?: boolean;
  /** Names in an archive have no directory before them. */
  readonly bare?: boolean;
}

/** An archive, and what it is of. */
export interface ReadArchive extends AsyncDisposable {
  readonly status: PathStatus;
  /** A tar, to be read before this is closed. */
  readonly archive: AsyncIterable<Uint8Array>;
}

/** Where a tar goes. */
export interface WriteOptions extends CopyOptions {
  /** Receives the path of each device node in the archive: none is made. */
  readonly onLeftOut?: (path: string) => void;
  /** The archive may be compressed, which its first bytes say. */
  readonly mayBeCompressed?: boolean;
  /** The first name in the archive, and what it becomes. */
  readonly rename?: { readonly from: string; readonly to: string };
}

/**
 * Files of containers that are not trusted: paths and links lead to nothing else than the container's own, whatever it changes
 * meanwhile.
 */
export interface ContainerFiles {
  /** Throws `not-found`. */
  status(view: FileView, path: string, options?: FollowOptions): Promise<PathStatus>;
  /** Throws `not-found`. */
  read(view: FileView, path: string, options?: FollowOptions): Promise<ReadArchive>;
  /** Unpacks a tar in the directory at `path`. Returns bytes of files. Throws `not-found`, `invalid-input`, `conflict`. */
  write(view: FileView, path: string, archive: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<number>;
  /** Status of a path of the host; undefined for nothing. */
  hostStatus(path: string, options?: FollowOptions): PathStatus | undefined;
  readHost(path: string, options?: FollowOptions): Promise<ReadArchive>;
  writeHost(path: string, archive: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<number>;
  /** What the topmost of the layers changes of those below. */
  changes(upper: string, lower: readonly string[]): Promise<readonly FileChange[]>;
  /** Bytes of all files below a path, each once, without what is mounted below. */
  size(path: string): Promise<number>;
}
