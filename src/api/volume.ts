import type { Labels, RawOptions } from "./network.js";

export interface VolumeSpec {
  /** Letters, digits, `_`, `.` and `-`; absent: 64 hexadecimal digits. */
  readonly name?: string;
  /** `local` is the only one. */
  readonly driver?: string;
  /** `type`, `device` and `o`, as docker's local driver has them: `tmpfs`, or `none` for a directory of the host. */
  readonly options?: RawOptions;
  readonly labels?: Labels;
}

/** A directory that outlives the containers that write to it. */
export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly driver: "local";
  /** Path of its data on the host. */
  readonly mountpoint: string;
  readonly labels: Labels;
  readonly options: RawOptions;
  /** RFC 3339. */
  readonly created: string;
  /** It was made for a container and given no name; {@link Volumes.prune} removes it once no container has it. */
  readonly anonymous: boolean;
}

/** A volume and who has it. */
export interface VolumeDetails {
  readonly volume: Volume;
  /** Containers, running or not, that mount it. */
  readonly users: readonly { readonly id: string; readonly name: string }[];
}

export interface VolumeRemovalOptions {
  /** Unused volumes that have a name go too. */
  readonly all?: boolean;
  readonly isMeant?: (volume: Volume) => boolean;
}

/** What was removed, and how many bytes of the disk that gave back. */
export interface Pruned<T> {
  readonly removed: readonly T[];
  readonly bytes: number;
}

export interface Volumes {
  /** Returns the volume of that name where it exists with the same options. Throws `conflict` where it has others. */
  create(spec: VolumeSpec): Promise<Volume>;
  list(): readonly VolumeDetails[];
  /** By name or id prefix. Throws `not-found`. */
  inspect(ref: string): VolumeDetails;
  /** Throws `conflict` naming the container that has it. */
  remove(ref: string): Promise<Volume>;
  /** Removes those that no container has: the ones without a name, or with `all` every one. */
  prune(options?: VolumeRemovalOptions): Promise<Pruned<Volume>>;
  /** Bytes of the data, without what is mounted below. */
  size(ref: string): Promise<number>;
}
