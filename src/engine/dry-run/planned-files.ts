import type { FileChange, OnStep, PathStatus } from "../../api/index.js";
import type { ContainerFiles, FileView, FollowOptions, ReadArchive, WriteOptions } from "../../contracts/index.js";

/** Files that are read from the machine as it is and from no container, and written nowhere: to look into one that does not run mounts. */
export class PlannedFiles implements ContainerFiles {
  constructor(
    private readonly real: ContainerFiles,
    private readonly tell: OnStep,
  ) {}

  async status(view: FileView, path: string, options?: FollowOptions): Promise<PathStatus> {
    if (view.kind === "running") return this.real.status(view, path, options);
    return supposed(path);
  }

  async read(view: FileView, path: string): Promise<ReadArchive> {
    const status = await this.status(view, path, { follow: true });
    this.say(`read ${path} of the container`);
    return { status, archive: nothing(), [Symbol.asyncDispose]: async () => undefined };
  }

  async write(
    _view: FileView,
    path: string,
    _archive: AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<number> {
    return this.saying(`write ${written(options)} in ${path} of the container`);
  }

  hostStatus(path: string, options?: FollowOptions): PathStatus | undefined {
    return this.real.hostStatus(path, options);
  }

  async readHost(path: string, options?: FollowOptions): Promise<ReadArchive> {
    await using reading = await this.real.readHost(path, options);
    const { status } = reading;
    this.say(`read ${path}`);
    return { status, archive: nothing(), [Symbol.asyncDispose]: async () => undefined };
  }

  async writeHost(path: string, _archive: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<number> {
    return this.saying(`write ${written(options)} in ${path}`);
  }

  changes(upper: string, lower: readonly string[]): Promise<readonly FileChange[]> {
    return this.real.changes(upper, lower);
  }

  size(path: string): Promise<number> {
    return this.real.size(path);
  }

  private say(what: string): void {
    this.tell({ verb: "run", what, sends: [] });
  }

  private saying(what: string): number {
    this.say(what);
    return 0;
  }
}

/** What is there is not known. */
function supposed(path: string): PathStatus {
  const name =
    path
      .replace(/\/\.?$/, "")
      .split("/")
      .at(-1) || "/";
  return { name, type: "directory", size: 0, mode: 0o40755, modified: new Date(0).toISOString() };
}

function written({ rename }: WriteOptions): string {
  return rename === undefined || rename.to === "." ? "files" : rename.to;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
