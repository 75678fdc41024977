import { damagedArchive } from "./damaged-archive.js";
import type { ImageDescription } from "./image-config.js";

/** An image as an archive holds it, nothing of it unpacked yet. */
export interface ImagePlan {
  readonly description: ImageDescription;
  /** The document that it describes. */
  readonly configuration: string;
  readonly names: readonly string[];
  /** Members of the archive, lowest layer first, one per diff id. */
  readonly layers: readonly string[];
}

/** Puts the parts that a manifest names together. Throws `invalid-input` where they do not fit. */
export function planImage(archive: string, plan: ImagePlan): ImagePlan {
  const { layers, description } = plan;
  if (layers.length === description.diffIds.length) return plan;
  throw damagedArchive(
    archive,
    `lists ${layers.length} layers for an image whose configuration has ${description.diffIds.length}`,
  );
}

/** Each image once, in the order of their first mention, with all the names it was given. */
export function mergePlans(plans: readonly ImagePlan[]): readonly ImagePlan[] {
  const merged = new Map<string, { readonly plan: ImagePlan; readonly names: Set<string> }>();
  for (const plan of plans) {
    const known = merged.get(plan.description.id);
    if (known === undefined) merged.set(plan.description.id, { plan, names: new Set(plan.names) });
    else for (const name of plan.names) known.names.add(name);
  }
  return [...merged.values()].map(({ plan, names }) => ({ ...plan, names: [...names] }));
}
