import type { NetworkRow, Resource, Store, Sysctl } from "../api/index.js";
import { requireDriver } from "./drivers.js";
import type { Host } from "./host.js";
import type { Parts } from "./parts.js";

/**
 * A sysctl that removal restores belongs to the host, and several networks want the same one. It is kept until the last
 * of them goes, and then gets the value that the first of them found.
 */
type Shared = Sysctl & { readonly restore: string };

function isShared(resource: Resource): resource is Shared {
  return resource.kind === "sysctl" && resource.restore !== undefined;
}

function sameParameter(a: Sysctl, b: Sysctl): boolean {
  return a.key === b.key && a.netns === b.netns;
}

/** A network's list in two parts: what it alone has, and what the host has and gets back the value of this moment. */
export function splitShared(
  host: Pick<Host, "parameter">,
  resources: readonly Resource[],
): { readonly own: readonly Resource[]; readonly shared: readonly Resource[] } {
  const links = new Set(resources.flatMap((resource) => (resource.kind === "link" ? [resource.name] : [])));
  const known = resources.map((resource) => {
    if (resource.kind !== "sysctl" || resource.netns !== undefined) return resource;
    // net/FAMILY/conf/LINK/… or net/FAMILY/neigh/LINK/…
    if (links.has(resource.key.split("/")[3] ?? "")) return resource;
    const { unless, ...parameter } = resource;
    const restore = host.parameter(parameter.key);
    // A value that it has already would say nothing of who wants it later.
    const isTold = unless !== undefined && host.parameter(unless.key) !== unless.value;
    return { ...parameter, ...(isTold ? { unless } : {}), ...(restore === undefined ? {} : { restore }) };
  });
  return { own: known.filter((resource) => !isShared(resource)), shared: known.filter(isShared) };
}

/**
 * Adds what a network shares with the host to its row, in the caller's transaction, and answers the row: the moment before
 * it is set, so that no network that never came so far gives back a value that somebody else has set meanwhile.
 */
export function claimShared(
  { store, drivers }: Pick<Parts, "store" | "drivers">,
  host: Pick<Host, "parameter">,
  { id, network }: NetworkRow,
): { readonly row: NetworkRow; readonly shared: readonly Resource[] } {
  const row = store.networks.resolve(id);
  const shared = joinShared(store, splitShared(host, requireDriver(drivers, network.driver).network(network)).shared);
  const complete: NetworkRow = { ...row, resources: [...row.resources, ...shared] };
  store.networks.update(complete);
  return { row: complete, shared };
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

function sharedInStore(store: Store): readonly { readonly rowId: string; readonly resource: Shared }[] {
  return store.listing(["sysctl"]).flatMap(({ rowId, resource }) => (isShared(resource) ? [{ rowId, resource }] : []));
}
