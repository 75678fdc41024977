import type { Drift, Provider } from "../../api/provider.js";
import type { Directory, File, Overlay } from "../../api/resource.js";
import { describeDirectory, ensureDirectory, inspectDirectory, removeDirectory } from "./directory-resource.js";
import { describeFile, ensureFile, inspectFile, removeFile } from "./file-resource.js";
import { listMounts } from "./mount-table.js";
import { describeOverlay, ensureOverlay, inspectOverlay, removeOverlay } from "./overlay-resource.js";

type FilesystemResource = Directory | File | Overlay;

/** Directories, files and overlay mounts. Every path is absolute. */
export class FilesystemProvider implements Provider<"directory" | "file" | "overlay"> {
  readonly kinds = ["directory", "file", "overlay"] as const;

  async ensure(resources: readonly FilesystemResource[]): Promise<void> {
    for (const resource of resources) {
      if (resource.kind === "directory") ensureDirectory(resource);
      else if (resource.kind === "file") ensureFile(resource);
      else ensureOverlay(resource);
    }
  }

  async remove(resources: readonly FilesystemResource[]): Promise<void> {
    for (const resource of resources) {
      if (resource.kind === "directory") await removeDirectory(resource);
      else if (resource.kind === "file") removeFile(resource);
      else removeOverlay(resource);
    }
  }

  async inspect(resources: readonly FilesystemResource[]): Promise<readonly Drift[]> {
    const mounts = resources.some(({ kind }) => kind === "overlay") ? listMounts() : [];
    return resources.flatMap((resource) => {
      if (resource.kind === "directory") return inspectDirectory(resource) ?? [];
      return (resource.kind === "file" ? inspectFile(resource) : inspectOverlay(resource, mounts)) ?? [];
    });
  }

  /** The words of mkdir(1), install(1), mount(8) and those that undo them. */
  async describe(verb: "ensure" | "remove", resources: readonly FilesystemResource[]): Promise<readonly string[]> {
    return resources.map((resource) => {
      if (resource.kind === "directory") return describeDirectory(verb, resource);
      return resource.kind === "file" ? describeFile(verb, resource) : describeOverlay(verb, resource);
    });
  }
}
