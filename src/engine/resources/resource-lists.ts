import type { Resource } from "../../api/index.js";

/** Those of one list that another has not. */
export function without(from: readonly Resource[], those: readonly Resource[]): readonly Resource[] {
  const kept = new Set(those.map(identityOf));
  return from.filter((resource) => !kept.has(identityOf(resource)));
}

export function sameList(a: readonly Resource[], b: readonly Resource[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A link that is described otherwise than before, by a newer tsd perhaps, is changed in its place. */
function identityOf(resource: Resource): string {
  return resource.kind === "link" ? `link ${resource.netns ?? ""} ${resource.name}` : JSON.stringify(resource);
}
