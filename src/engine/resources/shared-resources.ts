import type { Localnet, Resource, Sysctl } from "../../api/index.js";
import { hostPlaces } from "../../contracts/host-places.js";
import type { Links, NetworkRow, Platform, Store } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";

/**
 * What removal restores belongs to the host, and several networks want the same. It is kept until the last of them goes, and
 * then gets the value that the first of them found.
 */
export type Shared = (Sysctl | Localnet) & { readonly restore: string };

export function isShared(resource: Resource): resource is Shared {
  return (resource.kind === "sysctl" || resource.kind === "localnet") && resource.restore !== undefined;
}

/** A network's list in two parts: what it alone has, and what the host has and gets back the value of this moment. */
export function splitShared(
  host: Platform & Links,
  resources: readonly Resource[],
): { readonly own: readonly Resource[]; readonly shared: readonly Resource[] } {
  const links = new Set(resources.flatMap((resource) => (resource.kind === "link" ? [resource.name] : [])));
  const known = resources.map((resource) => {
    if (resource.kind === "localnet" && !links.has(resource.link)) {
      const { link } = resource;
      const restore = host.parameter(`net/ipv4/conf/${link}/route_localnet`) ?? "0";
      return { ...resource, restore, ...(host.filtersIngress(link) ? { keepsQdisc: true } : {}) };
    }
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

/** A network's row, and all that its driver listed for it. */
export interface PlannedNetwork {
  readonly row: NetworkRow;
  readonly listed: readonly Resource[];
}

/**
 * Adds what a network shares with the host to its row, in the caller's transaction, and returns the row: the moment before
 * it is set, so that no network that never came so far gives back a value that another program has set meanwhile.
 */
export function claimShared(
  { store }: Pick<Parts, "store">,
  host: Platform & Links,
  { row: { id }, listed }: PlannedNetwork,
): { readonly row: NetworkRow; readonly shared: readonly Resource[] } {
  const row = store.networks.resolve(id);
  const shared = joinShared(store, splitShared(host, listed).shared);
  const complete: NetworkRow = { ...row, resources: [...row.resources, ...shared] };
  store.networks.update(complete);
  return { row: complete, shared };
}

/**
 * The list with shared resources as they stand in the store already, so that `restore` is what the first one found.
 * `formerKey` names a parameter as it was called before its interface got another name, which took its value along.
 */
export function joinShared(
  store: Store,
  resources: readonly Resource[],
  formerKey: (key: string) => string = (key) => key,
): readonly Resource[] {
  const find = (wanted: Shared): Shared | undefined => sharedInStore(store, wanted)[0]?.resource;
  return resources.map((resource) => {
    if (!isShared(resource)) return resource;
    const former = resource.kind === "sysctl" ? find({ ...resource, key: formerKey(resource.key) }) : undefined;
    return find(resource) ?? { ...resource, restore: (former ?? resource).restore };
  });
}

/** The part of a row's list that no other row lists too. */
export function ownResources(store: Store, rowId: string, resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(
    (resource) => !isShared(resource) || sharedInStore(store, resource).every((entry) => entry.rowId === rowId),
  );
}

function sharedInStore(store: Store, wanted: Shared): readonly { readonly rowId: string; readonly resource: Shared }[] {
  return hostPlaces(wanted)
    .flatMap((place) => store.listing(place))
    .flatMap(({ rowId, resource }) => (isShared(resource) ? [{ rowId, resource }] : []));
}
