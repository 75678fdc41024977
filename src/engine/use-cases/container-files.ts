import type { Readable } from "node:stream";
import type {
  ContainerFileMethods,
  ContainerSize,
  CopiedOut,
  CopyOptions,
  CopySourceOptions,
  FileChange,
  PathStatus,
} from "../../api/index.js";
import type { FileView, WriteOptions } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { Parts } from "../contracts/parts.js";
import { keptResources, mountResources } from "../plan/container-files.js";
import { assertsDirectory, containerPath, copyTarget } from "../requests/copy-paths.js";
import { endFileAccess } from "../rows/file-access.js";
import { readableFiles, writableFiles } from "./file-access.js";

/** What is read and written of the files of containers. */
export class ContainerFileUseCases implements ContainerFileMethods {
  constructor(protected readonly parts: Parts) {}

  async statPath(ref: string, path: string): Promise<PathStatus> {
    const files = await this.parts.files();
    return files.status(readableFiles(this.parts, ref), containerPath(path));
  }

  async copyOut(ref: string, path: string, options: CopySourceOptions = {}): Promise<CopiedOut> {
    const place = containerPath(path);
    return this.reading(ref, place, { follow: options.follow === true || assertsDirectory(place) });
  }

  async copyIn(
    ref: string,
    path: string,
    archive: AsyncIterable<Uint8Array>,
    options: CopyOptions = {},
  ): Promise<void> {
    const files = await this.parts.files();
    const given = { keepOwner: true, mayBeCompressed: true, ...options, ...this.noting() };
    await this.writing(ref, (view) => files.write(view, containerPath(path), archive, given));
  }

  async copyToHost(
    ref: string,
    path: string,
    destinationPath: string,
    options: CopySourceOptions = {},
  ): Promise<number> {
    const files = await this.parts.files();
    const sourcePath = containerPath(path);
    const follow = options.follow === true || assertsDirectory(sourcePath);
    await using reading = await files.read(readableFiles(this.parts, ref), sourcePath, { follow, sparse: true });
    const { status: source, archive } = reading;
    const destination = files.hostStatus(destinationPath, { follow: true });
    const { directory, rename } = copyTarget({ sourcePath, source, destinationPath, destination });
    return await files.writeHost(directory, archive, { ...options, rename, ...this.noting() });
  }

  async copyFromHost(ref: string, sourcePath: string, path: string, options: CopySourceOptions = {}): Promise<number> {
    const files = await this.parts.files();
    const destinationPath = containerPath(path);
    const follow = options.follow === true || assertsDirectory(sourcePath);
    return this.writing(ref, async (view) => {
      const destination = await files.status(view, destinationPath, { follow: true }).catch((error: unknown) => {
        if (TsdError.is(error, "not-found")) return undefined;
        throw error;
      });
      await using reading = await files.readHost(sourcePath, { follow, sparse: true });
      const { status: source, archive } = reading;
      const { directory, rename } = copyTarget({ sourcePath, source, destinationPath, destination });
      return await files.write(view, directory, archive, { ...options, rename, ...this.noting() });
    });
  }

  async changes(ref: string): Promise<readonly FileChange[]> {
    const { container } = this.parts.store.containers.resolve(ref);
    const overlay = mountResources(this.parts, container).find((mount) => mount.kind === "overlay");
    if (overlay !== undefined) return (await this.parts.files()).changes(overlay.upper, overlay.lower);
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_DIFF_ROOTFS",
      message: `container "${container.name}" has no image that its files could be compared with`,
      hint: `Its files are those in ${container.spec.rootfs}.`,
    });
  }

  async exportFiles(ref: string): Promise<Readable> {
    return (await this.reading(ref, "/", { follow: true, oneFileSystem: true, bare: true })).archive;
  }

  async size(ref: string): Promise<ContainerSize> {
    const { paths, store, layerDirectory } = this.parts;
    const files = await this.parts.files();
    const { container } = store.containers.resolve(ref);
    const [, upper] = keptResources(paths, container);
    const written = await files.size(container.spec.rootfs ?? upper?.path ?? "");
    let total = written;
    for (const layer of container.layers) total += await files.size(layerDirectory(layer));
    return { written, total };
  }

  /** Warns of the first of many. */
  private noting(): Pick<WriteOptions, "onLeftOut"> {
    let isSaid = false;
    const onLeftOut = (path: string): void => {
      if (!isSaid) this.parts.warn(`${path} is a device node, and tsd cp makes none; others like it are left out too`);
      isSaid = true;
    };
    return { onLeftOut };
  }

  /** The files are open until the archive is closed. */
  private async reading(
    ref: string,
    path: string,
    options: { readonly follow: boolean; readonly oneFileSystem?: boolean; readonly bare?: boolean },
  ): Promise<CopiedOut> {
    const { Readable } = await import("node:stream");
    const files = await this.parts.files();
    const reading = await files.read(readableFiles(this.parts, ref), path, options);
    const archive = Readable.from(reading.archive, { objectMode: false });
    // Its caller may have gone, and with it who could hear of a failure otherwise.
    const end = async (): Promise<void> => reading[Symbol.asyncDispose]();
    archive.once("close", () => {
      end().catch((error: unknown) => this.parts.warn(String((error as Error).message)));
    });
    return { status: reading.status, archive };
  }

  private async writing<T>(ref: string, work: (view: FileView) => Promise<T>): Promise<T> {
    const { view, row } = writableFiles(this.parts, ref);
    try {
      return await work(view);
    } finally {
      endFileAccess(this.parts, row);
    }
  }
}
