import type { Orphan, Sweeper } from "../../api/index.js";
import { sweeperOf } from "../../kernel/orphans/sweeper-of.js";
import { layerName } from "./layer-path.js";
import { LayerStore } from "./layer-store.js";

interface OrphanedPart {
  readonly kind: "layer" | "staging";
  /** The layer's name, or the directory. */
  readonly what: string;
}

const reasons: Readonly<Record<OrphanedPart["kind"], string>> = {
  layer: "no image has it",
  staging: "the process that unpacked images there is gone",
};

/** Unpacked layers without an image, and staging directories of crashed processes. `used` returns digests. */
export function layerSweeper(directory: string, used: () => readonly string[]): Sweeper {
  const store = new LayerStore(directory);
  return sweeperOf<OrphanedPart>({
    async list() {
      const { layers, left } = await store.list();
      return [
        ...layers.map((what) => ({ kind: "layer", what }) as const),
        ...left.map((what) => ({ kind: "staging", what }) as const),
      ];
    },
    orphanOf: ({ kind, what }): Orphan => ({ kind, what, why: reasons[kind] }),
    claims() {
      const names = new Set(used().map(layerName));
      return ({ kind, what }) => kind === "layer" && names.has(what);
    },
    free: () => store.sweep(used),
  });
}
