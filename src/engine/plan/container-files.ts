import type { Container, Directory, Overlay, Resource } from "../../api/index.js";
import type { Parts, Paths } from "../contracts/parts.js";

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
  if (container.spec.rootfs !== undefined) return [directory(data)];
  return [directory(data), directory(`${data}/upper`, 0o755), directory(`${data}/work`), directory(`${data}/rootfs`)];
}

/** The mount of a run over the image's layers; none for a root file system of the user's. */
export function overlayResources(
  { paths, layerDirectory }: Pick<Parts, "paths" | "layerDirectory">,
  { id, layers }: Container,
): readonly Overlay[] {
  if (layers.length === 0) return [];
  const data = dataDirectory(paths, id);
  // Overlayfs wants the topmost layer first; images list the lowest first.
  const lower = layers.map(layerDirectory).reverse();
  return [{ kind: "overlay", path: `${data}/rootfs`, lower, upper: `${data}/upper`, work: `${data}/work` }];
}

/** What goes with a run. Others may be at the same path as a directory, such as the mount of the run. */
export function withoutDirectories(resources: readonly Resource[], kept: readonly Directory[]): readonly Resource[] {
  const paths = new Set(kept.map(({ path }) => path));
  return resources.filter((resource) => resource.kind !== "directory" || !paths.has(resource.path));
}
