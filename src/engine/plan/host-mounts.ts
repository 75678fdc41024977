import type { VolumePart } from "../../api/index.js";
import type { Bind, ContainerRow, MountRequest, Store, Tmpfs } from "../../contracts/index.js";
import type { Paths } from "../contracts/parts.js";
import { requestsOf } from "../requests/container-requests.js";

type HostStore = Pick<Store, "volumes">;

/** What a container mounts of the host, as paths of the host. */
export function bindsOf(paths: Paths, store: HostStore, row: ContainerRow): readonly Bind[] {
  return requestsOf(row).mounts.flatMap((mount, index): readonly Bind[] => {
    const source = sourceOf(paths, store, { row, mount, index });
    if (source === undefined) return [];
    const { target, readOnly, propagation, nonRecursive } = mount;
    return [
      {
        ...{ source, target, readOnly },
        ...(propagation === undefined ? {} : { propagation }),
        ...(nonRecursive ? { nonRecursive } : {}),
      },
    ];
  });
}

export function tmpfsOf(row: ContainerRow): readonly Tmpfs[] {
  return requestsOf(row).mounts.flatMap(({ type, target, options = [] }) =>
    type === "tmpfs" ? { target, options } : [],
  );
}

/** Parts of volumes that a run mounts. */
export function partResources(paths: Paths, store: HostStore, row: ContainerRow): readonly VolumePart[] {
  return requestsOf(row).mounts.flatMap((mount, index): readonly VolumePart[] => {
    const { subpath } = mount;
    const volume = dataOf(store, mount);
    if (subpath === undefined || volume === undefined) return [];
    return [{ kind: "volume part", place: partPlace(paths, row.id, index), volume, path: subpath }];
  });
}

interface Indexed {
  readonly row: ContainerRow;
  readonly mount: MountRequest;
  readonly index: number;
}

function sourceOf(paths: Paths, store: HostStore, { row, mount, index }: Indexed): string | undefined {
  if (mount.type === "bind") return mount.source;
  return mount.subpath === undefined ? dataOf(store, mount) : partPlace(paths, row.id, index);
}

function dataOf(store: HostStore, { type, source = "" }: MountRequest): string | undefined {
  return type === "volume" ? store.volumes.named(source)?.volume.mountpoint : undefined;
}

function partPlace(paths: Paths, id: string, index: number): string {
  return `${paths.root}/containers/${id}/parts/${index}`;
}
