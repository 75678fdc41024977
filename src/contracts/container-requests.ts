import type { MountSpec, PortBinding } from "../api/index.js";

/** A publication as asked for: `hostPort` is absent where any free port will do. */
export type PortRequest = Omit<PortBinding, "hostPort"> & {
  readonly hostPort?: number;
  /** Last port of the host range that one container port may take its host port from. */
  readonly hostPortEnd?: number;
};

/** Ports that a container says it serves, `count` long. */
export type ExposedPorts = Pick<PortBinding, "protocol" | "count"> & { readonly port: number };

/** Another container, by name or id prefix, and a name for it. */
export interface LinkRequest {
  readonly ref: string;
  readonly alias: string;
  /** The network that it is for, by name or id prefix; absent: all that both are on. */
  readonly network?: string;
}

/** A name for /etc/hosts. */
export interface HostRequest {
  /** As it was written. */
  readonly text: string;
  readonly name: string;
  /** Absent for the host's own, as the container sees it. */
  readonly address?: string;
}

/** Something to be mounted in a container. */
export interface MountRequest extends Omit<MountSpec, "readOnly"> {
  /** Of a volume: its name, absent until the container is planned for one that gets none. */
  readonly source?: string;
  readonly readOnly: boolean;
  /** Options of a tmpfs, all of them. */
  readonly options?: readonly string[];
}

/** Volumes and binds of another container, by name or id prefix. */
export interface VolumesFrom {
  readonly ref: string;
  /** Absent: as they are there. */
  readonly readOnly?: boolean;
}

/** What the words of a {@link ContainerSpec} mean, each list in the order of its words. */
export interface ContainerRequests {
  readonly publish: readonly PortRequest[];
  readonly expose: readonly ExposedPorts[];
  /** All of the container's, also those for one network. */
  readonly links: readonly LinkRequest[];
  readonly mounts: readonly MountRequest[];
  /** Absent in rows of a container that was created: its mounts are among `mounts`. */
  readonly volumesFrom?: readonly VolumesFrom[];
  readonly addHosts: readonly HostRequest[];
}
