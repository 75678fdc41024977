import type { Resource } from "../../api/index.js";

/** Consecutive resources of one kind. */
interface Run {
  readonly kind: string;
  readonly resources: Resource[];
}

/**
 * Joins lists that do not depend on each other, such as those of several endpoints. The order of each list is kept. As far as it
 * allows, resources of one kind come together, so that their provider makes them in few requests.
 */
export function interleave(lists: readonly (readonly Resource[])[]): readonly Resource[] {
  const joined: Resource[] = [];
  let left = lists.map(runsOf).filter((runs) => runs.length > 0);
  while (left.length > 0) {
    const kind = nextKind(left);
    for (const [head] of left) if (head !== undefined && head.kind === kind) joined.push(...head.resources);
    left = left.map((runs) => (runs[0]?.kind === kind ? runs.slice(1) : runs)).filter((runs) => runs.length > 0);
  }
  return joined;
}

/** One that no list still has behind another kind; the first list's if there is none such. */
function nextKind(left: readonly (readonly Run[])[]): string | undefined {
  const behind = new Set(left.flatMap(([, ...runs]) => runs.map(({ kind }) => kind)));
  const heads = left.flatMap(([head]) => head?.kind ?? []);
  return heads.find((kind) => !behind.has(kind)) ?? heads[0];
}

function runsOf(list: readonly Resource[]): readonly Run[] {
  const runs: Run[] = [];
  for (const resource of list) {
    const last = runs.at(-1);
    if (last?.kind === resource.kind) last.resources.push(resource);
    else runs.push({ kind: resource.kind, resources: [resource] });
  }
  return runs;
}
