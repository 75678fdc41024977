import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OnStep } from "../../api/step.js";
import { shellLine } from "../../kernel/shell-words.js";
import { decompress } from "./decompress.js";
import { layerPath } from "./layer-path.js";
import type { Layers, StagedLayer } from "./layer-store.js";
import type { Layer, LayerSource } from "./unpack-layer.js";

/** Layers that would be unpacked and removed; what is here already is the real store's to say. */
export class PlannedLayers implements Layers {
  readonly #placed = new Map<string, Layer>();

  constructor(
    private readonly directory: string,
    private readonly real: Layers,
    private readonly tell: OnStep,
  ) {}

  async find(diffId: string): Promise<Layer | undefined> {
    return this.#placed.get(diffId) ?? (await this.real.find(diffId));
  }

  /** An archive that cannot be read in place needs a file, which is nothing of tsd's. */
  async prepare<T>(work: (staging: string) => Promise<T>): Promise<T> {
    const staging = await mkdtemp(join(tmpdir(), "tsd-dry-run-"));
    try {
      return await work(staging);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  /** Reads the layer only where its digest is what nobody knows. */
  async stage({ stream, archive, diffId }: LayerSource, directory: string): Promise<StagedLayer> {
    if (diffId !== undefined) return { diffId, size: 0, directory };
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of decompress(stream, archive)) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { diffId: hash.digest("hex"), size, directory };
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
