import type { Directory, File, Overlay, Tmpfs } from "../../api/file-resource.js";
import type { Drift, Provider } from "../../api/provider.js";
import { describeDirectory, ensureDirectory, inspectDirectory, removeDirectory } from "./directory-resource.js";
import { describeFile, ensureFile, inspectFile, removeFile } from "./file-resource.js";
import { listMounts, type Mount } from "./mount-table.js";
import { describeOverlay, ensureOverlay, inspectOverlay, removeOverlay } from "./overlay-resource.js";
import { describeTmpfs, ensureTmpfs, inspectTmpfs, removeTmpfs } from "./tmpfs-resource.js";

type FilesystemResource = Directory | File | Overlay | Tmpfs;

/** Directories, files and mounts. Every path is absolute. */
export class FilesystemProvider implements Provider<FilesystemResource["kind"]> {
  readonly kinds = ["directory", "file", "overlay", "tmpfs"] as const;

  async ensure(resources: readonly FilesystemResource[]): Promise<void> {
    for (const resource of resources) ensure(resource);
  }

  async remove(resources: readonly FilesystemResource[]): Promise<void> {
    for (const resource of resources) await remove(resource);
  }

  async inspect(resources: readonly FilesystemResource[]): Promise<readonly Drift[]> {
    const mounts = resources.some(({ kind }) => kind === "overlay" || kind === "tmpfs") ? listMounts() : [];
    return resources.flatMap((resource) => inspect(resource, mounts) ?? []);
  }

  /** The words of mkdir(1), install(1), mount(8) and those that undo them. */
  async describe(verb: "ensure" | "remove", resources: readonly FilesystemResource[]): Promise<readonly string[]> {
    return resources.map((resource) => describe(verb, resource));
  }
}

function ensure(resource: FilesystemResource): void {
  if (resource.kind === "directory") ensureDirectory(resource);
  else if (resource.kind === "file") ensureFile(resource);
  else if (resource.kind === "overlay") ensureOverlay(resource);
  else ensureTmpfs(resource);
}

async function remove(resource: FilesystemResource): Promise<void> {
  if (resource.kind === "directory") await removeDirectory(resource);
  else if (resource.kind === "file") removeFile(resource);
  else if (resource.kind === "overlay") removeOverlay(resource);
  else removeTmpfs(resource);
}

function inspect(resource: FilesystemResource, mounts: readonly Mount[]): Drift | undefined {
  switch (resource.kind) {
    case "directory":
      return inspectDirectory(resource);
    case "file":
      return inspectFile(resource);
    case "overlay":
      return inspectOverlay(resource, mounts);
    case "tmpfs":
      return inspectTmpfs(resource, mounts);
  }
}

function describe(verb: "ensure" | "remove", resource: FilesystemResource): string {
  switch (resource.kind) {
    case "directory":
      return describeDirectory(verb, resource);
    case "file":
      return describeFile(verb, resource);
    case "overlay":
      return describeOverlay(verb, resource);
    case "tmpfs":
      return describeTmpfs(verb, resource);
  }
}
