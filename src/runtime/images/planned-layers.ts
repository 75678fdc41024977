import { existsSync } from "node:fs";
import type { OnStep } from "../../api/step.js";
import { shellLine } from "../../kernel/shell-words.js";
import { layerPath } from "./layer-path.js";
import type { Layers, RemoteLayer, StagedLayer } from "./layer-store.js";
import { type Layer, type LayerSource, readLayer } from "./unpack-layer.js";

/** Layers that would be unpacked and removed; what is here already is the real store's to say. */
export class PlannedLayers implements Layers {
  readonly #placed = new Map<string, Layer>();

  /** `staging` is a directory whose file system takes what cannot be read in place. */
  constructor(
    private readonly directory: string,
    private readonly staging: string,
    private readonly real: Layers,
    private readonly tell: OnStep,
  ) {}

  async find(diffId: string): Promise<Layer | undefined> {
    return this.#placed.get(diffId) ?? (await this.real.find(diffId));
  }

  /** Nothing that has a name is made there. */
  async prepare<T>(work: (staging: string) => Promise<T>): Promise<T> {
    return await work(this.staging);
  }

  /** Reads the layer as a real one is read, so that a damaged or dangerous one is found. */
  async stage(source: LayerSource, directory: string): Promise<StagedLayer> {
    const layer = await readLayer(source, async (entries) => {
      for await (const _ of entries);
    });
    return { ...layer, directory };
  }

  /** Fetches nothing: how large the layer is unpacked, only its bytes say. */
  async fetch({ diffId, size, archive }: RemoteLayer, directory: string): Promise<StagedLayer> {
    this.tell({ verb: "run", what: `fetch ${archive}, ${size} bytes`, sends: [] });
    return { diffId, size, directory };
  }

  archive(diffId: string): AsyncGenerator<Buffer> {
    return this.real.archive(diffId);
  }

  async place(layer: StagedLayer): Promise<void> {
    const path = layerPath(this.directory, layer.diffId);
    this.#placed.set(layer.diffId, layer);
    const sends = [shellLine(["mkdir", "-p", path]), `${shellLine(["tar", "--extract", "-C", path])} < layer.tar`];
    this.tell({ verb: "run", what: `unpack layer sha256:${layer.diffId}`, sends });
  }

  async removeUnused(used: () => readonly string[], candidates: readonly string[] = []): Promise<void> {
    const inUse = new Set(used());
    for (const diffId of candidates) {
      const path = layerPath(this.directory, diffId);
      if (inUse.has(diffId) || !existsSync(path)) continue;
      this.tell({ verb: "run", what: `remove layer sha256:${diffId}`, sends: [shellLine(["rm", "-r", path])] });
    }
  }

  /** What crashed processes left is the next real command's to find. */
  async sweep(): Promise<void> {}
}
