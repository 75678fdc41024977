import type { Container, Directory, Overlay, Resource, Tmpfs } from "../../api/index.js";
import type { Parts, Paths } from "../contracts/parts.js";
import { isShareable } from "../requests/namespace-words.js";

function dataDirectory(paths: Paths, id: string): string {
  return `${paths.root}/containers/${id}`;
}

/** The root file system of a running container, as the host sees it. */
export function rootfsPath(paths: Paths, container: Container): string {
  return container.spec.rootfs ?? `${dataDirectory(paths, container.id)}/rootfs`;
}

/** What exists as long as the container does, running or not: what it wrote. */
export function keptResources(paths: Paths, container: Container): readonly Directory[] {
  const data = dataDirectory(paths, container.id);
  const directory = (path: string, mode?: number): Directory => ({
    kind: "directory",
    path,
    ...(mode === undefined ? {} : { mode }),
  });
  const shm = isShareable(container.spec) ? [directory(sharedMemoryPath(paths, container.id))] : [];
  if (container.spec.rootfs !== undefined) return [directory(data), ...shm];
  const layers = [directory(`${data}/upper`, 0o755), directory(`${data}/work`), directory(`${data}/rootfs`)];
  return [directory(data), ...layers, ...shm];
}

/** Where a container's shared memory is mounted that others may have as well. */
export function sharedMemoryPath(paths: Paths, id: string): string {
  return `${dataDirectory(paths, id)}/shm`;
}

/** As docker's, in bytes. */
const SHM_SIZE = 64 * 1024 * 1024;

/** The mounts of a run: the image's layers under what the container writes, and shared memory that others may have. */
export function mountResources(
  { paths, layerDirectory }: Pick<Parts, "paths" | "layerDirectory">,
  { id, layers, spec }: Container,
): readonly (Overlay | Tmpfs)[] {
  const data = dataDirectory(paths, id);
  const { shmSize = SHM_SIZE } = spec;
  const shm = isShareable(spec) ? [{ kind: "tmpfs", path: sharedMemoryPath(paths, id), size: shmSize } as const] : [];
  if (layers.length === 0) return shm;
  // Overlayfs wants the topmost layer first; images list the lowest first.
  const lower = layers.map(layerDirectory).reverse();
  const volatile = spec.autoRemove ? { volatile: true } : {};
  return [
    { kind: "overlay", path: `${data}/rootfs`, lower, upper: `${data}/upper`, work: `${data}/work`, ...volatile },
    ...shm,
  ];
}

/** What goes with a run. Others may be at the same path as a directory, such as the mount of the run. */
export function withoutDirectories(resources: readonly Resource[], kept: readonly Directory[]): readonly Resource[] {
  const paths = new Set(kept.map(({ path }) => path));
  return resources.filter((resource) => resource.kind !== "directory" || !paths.has(resource.path));
}
