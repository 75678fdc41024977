/** A mount as docker's `--mount` describes it. */
export interface MountSpec {
  readonly type: "bind" | "volume" | "tmpfs";
  /** Absolute path of the host, or name of a volume; absent for a volume without a name, and for a tmpfs. */
  readonly source?: string;
  /** Absolute path in the container. */
  readonly target: string;
  readonly readOnly?: boolean;
  /** `rprivate`, `private`, `rshared`, `shared`, `rslave`, `slave`; of a bind. */
  readonly propagation?: string;
  /** Of a bind: without the mounts below `source`. */
  readonly nonRecursive?: boolean;
  /** Of a bind: make the directory `source` where it is missing, as `-v` does not. */
  readonly createSource?: boolean;
  /** Of a volume: do not fill a new one with what the image has at `target`. */
  readonly noCopy?: boolean;
  /** Of a volume: a directory in it, in place of all of it. */
  readonly subpath?: string;
  /** Of a tmpfs: bytes, and permission bits. */
  readonly size?: number;
  readonly mode?: number;
  /** Of a tmpfs: other options of mount(8). */
  readonly options?: readonly string[];
}

/** What a container sees in its file system beside its image. */
export interface ContainerStorage {
  /** `HOST:CONTAINER[:OPTIONS]`, `VOLUME:CONTAINER[:OPTIONS]`, or `CONTAINER` alone for a volume without a name. */
  readonly volumes?: readonly string[];
  readonly mounts?: readonly MountSpec[];
  /** `CONTAINER[:OPTIONS]`, options of tmpfs(5). */
  readonly tmpfs?: readonly string[];
  /** `CONTAINER[:ro|rw]`: all volumes and binds of another container. */
  readonly volumesFrom?: readonly string[];
}
