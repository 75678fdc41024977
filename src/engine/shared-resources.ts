import type { Resource, Store, Sysctl } from "../api/index.js";

/**
 * A sysctl that removal restores belongs to the host, and several networks want the same one. It is kept until the last
 * of them goes, and then gets the value that the first of them found.
 */
function isShared(resource: Resource): resource is Sysctl & { restore: string } {
  return resource.kind === "sysctl" && resource.restore !== undefined;
}

function sameParameter(a: Sysctl, b: Sysctl): boolean {
  return a.key === b.key && a.netns === b.netns;
}

/** The list with shared resources as they stand in the store already, so that `restore` is what the first one found. */
export function joinShared(store: Store, resources: readonly Resource[]): readonly Resource[] {
  const listed = sharedInStore(store);
  return resources.map((resource) =>
    isShared(resource)
      ? (listed.find((entry) => sameParameter(entry.resource, resource))?.resource ?? resource)
      : resource,
  );
}

/** The part of a row's list that no other row lists too. */
export function ownResources(store: Store, rowId: string, resources: readonly Resource[]): readonly Resource[] {
  const others = sharedInStore(store).filter((entry) => entry.rowId !== rowId);
  return resources.filter(
    (resource) => !isShared(resource) || !others.some((entry) => sameParameter(entry.resource, resource)),
  );
}

function sharedInStore(store: Store): readonly { rowId: string; resource: Sysctl & { restore: string } }[] {
  return store.listing(["sysctl"]).flatMap(({ rowId, resource }) => (isShared(resource) ? [{ rowId, resource }] : []));
}
