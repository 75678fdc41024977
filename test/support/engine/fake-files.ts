import { dirname } from "node:path";
import type { Overlay, Resource } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { FakePart, Misuse } from "./fake-part.js";

/** Directories, files and overlay mounts. The disk above the first directory exists. */
export class FakeFiles implements FakePart {
  /** What is in a file; undefined for a directory. */
  private readonly paths = new Map<string, string | undefined>();
  private readonly mounts = new Map<string, Overlay>();

  constructor(private readonly misuse: Misuse) {}

  has(path: string): boolean {
    return this.paths.has(path);
  }

  content(path: string): string | undefined {
    return this.paths.get(path);
  }

  isMounted(path: string): boolean {
    return this.mounts.has(path);
  }

  ensure(resource: Resource): void {
    if (resource.kind === "directory" || resource.kind === "volume") this.paths.set(resource.path, undefined);
    if (resource.kind === "file") {
      if (!this.has(dirname(resource.path))) throw missingDirectory(resource.path);
      this.paths.set(resource.path, resource.content);
    }
    if (resource.kind === "overlay") {
      for (const path of [resource.path, resource.upper, resource.work])
        if (!this.has(path)) this.misuse.refuse(`overlay with ${path}, which does not exist`);
      this.mounts.set(resource.path, resource);
    }
  }

  remove(resource: Resource): void {
    if (resource.kind === "overlay") this.mounts.delete(resource.path);
    if (resource.kind === "file") this.paths.delete(resource.path);
    if (resource.kind === "directory" || resource.kind === "volume") this.removeTree(resource.path);
  }

  lines(): readonly string[] {
    return [
      ...[...this.paths].map(([path, content]) =>
        content === undefined ? `directory ${path}` : `file ${path} ${JSON.stringify(content)}`,
      ),
      ...[...this.mounts].map(([path, { lower }]) => `overlay ${path} of ${lower.join(":")}`),
    ];
  }

  private removeTree(top: string): void {
    const isBelow = (path: string): boolean => path === top || path.startsWith(`${top}/`);
    const mount = [...this.mounts.keys()].find(isBelow);
    if (mount !== undefined) this.misuse.refuse(`directory ${top} removed under the mount ${mount}`);
    for (const path of [...this.paths.keys()].filter(isBelow)) this.paths.delete(path);
  }
}

/** As the filesystem provider: a sandbox may be gone before the names of its neighbours are told. */
function missingDirectory(path: string): TsdError {
  return new TsdError({
    kind: "kernel",
    code: "TSD_FILE_FAILED",
    message: `cannot write ${path}: ENOENT`,
    details: { errno: "ENOENT" },
  });
}
