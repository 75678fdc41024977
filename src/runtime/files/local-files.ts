import { closeSync } from "node:fs";
import { posix } from "node:path";
import type { PathStatus } from "../../api/index.js";
import type { ContainerFiles, FileView, FollowOptions, ReadArchive, WriteOptions } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { findPlace, openRoot, type Place } from "../../kernel/files/place.js";
import { readTree } from "../../kernel/volumes/read-tree.js";
import { decompress } from "../images/decompress.js";
import { fileChanges } from "./file-changes.js";
import { openView } from "./open-view.js";
import { pathStatus } from "./path-status.js";
import { treeSize } from "./tree-size.js";
import { unpackTree } from "./unpack-tree.js";

/** Files of this machine's containers, and of the machine itself where they are copied from and to. */
export class LocalFiles implements ContainerFiles {
  async status(view: FileView, path: string, options: FollowOptions = {}): Promise<PathStatus> {
    await using opened = await openView(view);
    const status = statusIn(opened.root, path, options);
    if (status === undefined) throw absent(path, "in the container");
    return status;
  }

  async read(view: FileView, path: string, options: FollowOptions = {}): Promise<ReadArchive> {
    const opened = await openView(view);
    return archiveIn(opened, path, { ...options, where: "in the container" });
  }

  async write(
    view: FileView,
    path: string,
    archive: AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<number> {
    await using opened = await openView(view);
    const status = statusIn(opened.root, path, { follow: true });
    if (status === undefined) throw absent(path, "in the container");
    if (status.type !== "directory") throw noDirectory(path);
    const room = { root: opened.root, path: latin1(path), followsLinks: true };
    const plain = options.mayBeCompressed ? decompress(archive, "what is copied") : archive;
    return await unpackTree(room, plain, {
      archive: "what is copied",
      keepOwner: options.keepOwner ?? false,
      ...options,
    });
  }

  hostStatus(path: string, options: FollowOptions = {}): PathStatus | undefined {
    const root = openRoot("/");
    try {
      return statusIn(root, path, options);
    } finally {
      closeSync(root);
    }
  }

  async readHost(path: string, options: FollowOptions = {}): Promise<ReadArchive> {
    return archiveIn(hostRoot("/"), path, { ...options, where: "on this machine" });
  }

  async writeHost(path: string, archive: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<number> {
    const status = this.hostStatus(path, { follow: true });
    if (status === undefined) throw absent(path, "on this machine");
    if (status.type !== "directory") throw noDirectory(path);
    await using opened = hostRoot(path);
    const room = { root: opened.root, path: ".", followsLinks: false };
    return await unpackTree(room, archive, {
      archive: "what is copied",
      keepOwner: options.keepOwner ?? false,
      ...options,
    });
  }

  async changes(upper: string, lower: readonly string[]) {
    return fileChanges(upper, lower);
  }

  async size(path: string): Promise<number> {
    return treeSize(path);
  }
}

interface Root extends AsyncDisposable {
  readonly root: number;
}

function hostRoot(path: string): Root {
  const root = openRoot(path);
  return { root, [Symbol.asyncDispose]: async () => closeSync(root) };
}

function latin1(path: string): string {
  return Buffer.from(path).toString("latin1");
}

function statusIn(root: number, path: string, { follow = false }: FollowOptions): PathStatus | undefined {
  using place = findPlace(root, latin1(path), { follow });
  return place === undefined ? undefined : pathStatus(place, nameOf(path));
}

/** `/` for the root, else the last name, in its shortest form. */
function nameOf(path: string): string {
  return posix.basename(posix.resolve("/", path)) || "/";
}

async function archiveIn(
  opened: Root,
  path: string,
  { where, ...options }: FollowOptions & { readonly where: string },
): Promise<ReadArchive> {
  let place: Place | undefined;
  try {
    place = findPlace(opened.root, latin1(path), { follow: options.follow ?? false });
    const status = place === undefined ? undefined : pathStatus(place, nameOf(path));
    if (place === undefined || status === undefined) throw absent(path, where);
    const name = Buffer.from(place.name, "latin1").toString("utf8");
    const as = status.name === "/" ? "." : status.name;
    const { directory } = place;
    return {
      status,
      archive: readTree(directory, { name, as, ...options }),
      [Symbol.asyncDispose]: async () => {
        closeSync(directory);
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    place?.[Symbol.dispose]();
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

function absent(path: string, where: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_COPY_PATH_MISSING",
    message: `there is no ${path} ${where}`,
    hint: "Check the spelling.",
    details: { path },
  });
}

function noDirectory(path: string): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_COPY_NO_DIRECTORY",
    message: `${path} is no directory`,
    hint: "Name a directory that exists.",
    details: { path },
  });
}
