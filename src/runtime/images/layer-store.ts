import { createHash } from "node:crypto";
import { access, type FileHandle, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TsdError } from "../../errors/tsd-error.js";
import { boundaryOperation } from "../../kernel/boundary-operation.js";
import { openUnnamedFile } from "../../kernel/files/unnamed-file.js";
import { WorkArea } from "../../kernel/files/work-area.js";
import { exec } from "../../kernel/programs/exec.js";
import { fileReader } from "./layer-file.js";
import { FrameWriter, joinFrame } from "./layer-frame.js";
import { layerName, layerPath } from "./layer-path.js";
import { type Layer, type LayerSource, unpackLayer } from "./unpack-layer.js";

/** A layer that is unpacked but not yet among the others. */
export interface StagedLayer extends Layer {
  readonly directory: string;
}

/** What images need of {@link LayerStore}. */
export type Layers = Pick<
  LayerStore,
  "find" | "prepare" | "stage" | "fetch" | "archive" | "place" | "removeUnused" | "sweep"
>;

/** A layer of a registry's. */
export interface RemoteLayer extends Omit<LayerSource, "stream"> {
  readonly diffId: string;
  /** Bytes, compressed. */
  readonly size: number;
  /** Writes it to an empty file. */
  readonly fetch: (file: FileHandle) => Promise<void>;
}

/**
 * The unpacked layers of all images, each once: `layers/<name>`, with a record beside it, `records/<name>.json`. A layer
 * comes and goes by rename, so it is there whole or not at all.
 */
export class LayerStore {
  readonly #directory: string;
  readonly #work: WorkArea;

  /** `directory` is the image store's. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#work = new WorkArea(join(directory, "work"));
  }

  /** The record of a layer that is here. */
  async find(diffId: string): Promise<Layer | undefined> {
    const layer = await this.#namesake(diffId);
    return layer?.diffId === diffId ? layer : undefined;
  }

  /** Runs `work` with a directory of its own for staging, which is removed afterwards. */
  async prepare<T>(work: (staging: string) => Promise<T>): Promise<T> {
    await Promise.all(
      ["layers", "records"].map((name) => mkdir(join(this.#directory, name), { recursive: true, mode: 0o700 })),
    );
    return await this.#work.use(work);
  }

  /** Unpacks a layer under `staging` and writes it through to the disk. */
  async stage(source: LayerSource, staging: string, name: string): Promise<StagedLayer> {
    const directory = join(staging, name);
    const frame = await FrameWriter.create(frameBeside(directory));
    let layer: Layer;
    try {
      layer = await unpackLayer(source, directory, frame);
    } catch (error) {
      frame.abandon();
      throw error;
    }
    if (!(await frame.finish())) await rm(frameBeside(directory));
    await exec("sync", ["--file-system", directory], { timeout: 600_000 });
    return { ...layer, directory };
  }

  /** Fetches a layer to a file without a name, which goes with this process, and stages it. */
  async fetch(layer: RemoteLayer, staging: string, name: string): Promise<StagedLayer> {
    await using file = await openUnnamedFile(staging);
    await layer.fetch(file);
    return await this.stage({ ...layer, stream: fromStart(file) }, staging, name);
  }

  /**
   * The layer's archive as it was read, byte for byte. Throws `unsupported` if an earlier version of tsd read it, and `store` if its
   * files have changed.
   */
  async *archive(diffId: string): AsyncGenerator<Buffer> {
    const frame = this.#frame(layerName(diffId));
    if ((await this.find(diffId)) === undefined || !(await exists(frame))) throw noFrame(diffId);
    const hash = createHash("sha256");
    for await (const piece of joinFrame(frame, fileReader(layerPath(this.#directory, diffId)))) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest("hex") !== diffId) throw changedLayer(diffId);
  }

  /** Puts a staged layer among the others; one that came there meanwhile is as good. Throws `conflict` for a namesake. */
  async place({ directory, ...layer }: StagedLayer): Promise<void> {
    const { diffId } = layer;
    const namesake = await this.#namesake(diffId);
    if (namesake !== undefined && namesake.diffId !== diffId) throw nameTaken(diffId, namesake.diffId);
    const record = this.#record(layerName(diffId));
    await move(frameBeside(directory), this.#frame(layerName(diffId))).catch(ignoreMissing);
    await writeFile(`${directory}.json`, JSON.stringify(layer), { mode: 0o600 });
    await move(`${directory}.json`, record);
    await move(directory, layerPath(this.#directory, diffId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  }

  /**
   * Removes those of the `candidates`, default all layers, that `used` does not list. It is asked again once they are out
   * of the way, and those go back that an image came to use meanwhile; an image that comes still later finds them missing.
   */
  async removeUnused(used: () => readonly string[], candidates?: readonly string[]): Promise<void> {
    const here = await this.#names();
    const usedNames = () => new Set(used().map(layerName));
    const inUse = usedNames();
    const wanted = candidates === undefined ? undefined : new Set(candidates.map(layerName));
    const unused = here.filter((name) => (wanted?.has(name) ?? true) && !inUse.has(name));
    if (unused.length === 0) return;
    await this.#work.use(async (aside) => {
      const layer = (name: string) => join(this.#directory, "layers", name);
      for (const name of unused) await move(layer(name), join(aside, name)).catch(ignoreMissing);
      const usedAgain = usedNames();
      for (const name of unused) {
        if (!usedAgain.has(name)) {
          await removeFile(this.#record(name));
          await removeFile(this.#frame(name));
        } else await move(join(aside, name), layer(name)).catch(ignoreMissing);
      }
    });
  }

  /** Removes what crashed processes left: staged layers, and layers that no image came to use. */
  async sweep(used: () => readonly string[]): Promise<void> {
    const busy = await this.#work.sweep();
    if (!busy) await this.removeUnused(used);
  }

  /**
   * Names of layers, and directories of staging that crashed processes left. Of layers none while a process is at work: it
   * puts them before the images that use them. They are listed first, since one whose process has ended has its image.
   */
  async list(): Promise<{ readonly layers: readonly string[]; readonly left: readonly string[] }> {
    const layers = await this.#names();
    const { busy, left } = await this.#work.look();
    return { layers: busy ? [] : layers, left };
  }

  /** The record of the layer whose name `diffId` has, which digests that begin alike share. */
  async #namesake(diffId: string): Promise<Layer | undefined> {
    if (!(await exists(layerPath(this.#directory, diffId)))) return undefined;
    const record = await readFile(this.#record(layerName(diffId)), "utf8").catch(ignoreMissing);
    return record === undefined ? undefined : JSON.parse(record);
  }

  /** Of layers, whole or not: a process that was killed as it placed or removed one left a part. */
  async #names(): Promise<readonly string[]> {
    const lists = ["layers", "records"].map((part) => readdir(join(this.#directory, part)).catch(() => []));
    const names = (await Promise.all(lists)).flat().map((name) => name.split(".", 1)[0] ?? "");
    return [...new Set(names)];
  }

  #record(name: string): string {
    return join(this.#directory, "records", `${name}.json`);
  }

  #frame(name: string): string {
    return join(this.#directory, "records", `${name}.frame.gz`);
  }
}

function frameBeside(directory: string): string {
  return `${directory}.frame.gz`;
}

async function* fromStart(file: FileHandle): AsyncGenerator<Buffer> {
  yield* file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 18 });
}

function noFrame(diffId: string): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_IMAGE_LAYER_UNSAVED",
    message: `layer sha256:${diffId} cannot be written again: an earlier version of tsd read it, or layers above hide all of it`,
    hint: "Remove the image, and pull or load it again.",
    details: { diffId },
  });
}

function changedLayer(diffId: string): TsdError {
  return new TsdError({
    kind: "store",
    code: "TSD_IMAGE_LAYER_CHANGED",
    message: `layer sha256:${diffId} cannot be written again: its files are not those of its archive`,
    hint: "Remove the image, and pull or load it again.",
    details: { diffId },
  });
}

/** Nobody meets this by chance; two layers can be made so that one would be taken for the other. */
function nameTaken(diffId: string, other: string): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_IMAGE_LAYER_ALIKE",
    message: `layer sha256:${diffId} cannot be kept beside sha256:${other}, whose digest begins alike`,
    hint: "Do not trust this archive, or remove the image that has the other layer.",
    details: { diffId, other },
  });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function move(from: string, to: string): Promise<void> {
  return boundaryOperation({ into: "file", what: () => `move ${from} to ${to}` }, () => rename(from, to));
}

function removeFile(path: string): Promise<void> {
  return boundaryOperation({ into: "file", what: () => `remove ${path}` }, () => rm(path, { force: true }));
}
