import { type Endpoint, isSameChain, type Network, type Resource, type Sysctl } from "../../api/index.js";
import { quoted } from "./field.js";
import { malformed } from "./malformed.js";
import { type Reach, reachFault } from "./resource-reach.js";

/** What a list is for. Without an endpoint it is the network's own. */
export interface ListedBy {
  readonly network: Pick<Network, "id" | "uplinks" | "passages"> & Reach["network"];
  readonly endpoint?: Pick<Endpoint, "id" | "netns" | "interface"> & NonNullable<Reach["endpoint"]>;
  /** Links of the host that the network's own list makes, for the list of an endpoint. */
  readonly networkLinks?: readonly string[];
}

/**
 * Throws {@link malformed} for what the row must not list: it would be another's, or its removal would take what it did not
 * make.
 */
export function refuseForeign(resources: readonly Resource[], by: ListedBy): void {
  const links = new Set<string>();
  const { network, endpoint, networkLinks = [] } = by;
  const reach: Reach = { network, networkLinks, ...(endpoint === undefined ? {} : { endpoint }) };
  const onHost = new Set<string>();
  resources.forEach((resource, index) => {
    const fault = faultOf(resource, by, links) ?? reachFault(resource, reach, onHost);
    if (fault !== undefined) throw malformed(`resource ${index + 1}, of kind ${resource.kind}, ${fault}`);
    for (const place of placesOf(resource)) {
      if (links.has(place)) throw malformed(`two links with the name ${quoted(nameOf(place))}`);
      links.add(place);
      if (isHosts(place)) onHost.add(nameOf(place));
    }
  });
}

/** `links` are those that the list has so far. */
function faultOf(resource: Resource, by: ListedBy, links: ReadonlySet<string>): string | undefined {
  return (
    namespaceFault(resource, by) ??
    ownerFault(resource, by) ??
    nameFault(resource, by) ??
    hostFault(resource, by, links)
  );
}

function namespaceFault(resource: Resource, { endpoint }: ListedBy): string | undefined {
  const fields = resource as { readonly netns?: unknown; readonly peer?: { readonly netns?: unknown } };
  const isOwn = (netns: unknown): boolean => netns === undefined || netns === endpoint?.netns;
  if (isOwn(fields.netns) && (resource.kind !== "link" || isOwn(fields.peer?.netns))) return undefined;
  return endpoint === undefined
    ? "in a namespace, where a network has only the host"
    : "in another namespace than the endpoint's";
}

function ownerFault(resource: Resource, { network, endpoint }: ListedBy): string | undefined {
  if (!("owner" in resource)) return undefined;
  const { id } = endpoint ?? network;
  return resource.owner === id ? undefined : `whose owner is ${quoted(resource.owner)}, and not ${id.slice(0, 12)}`;
}

/** Names in the endpoint's namespace belong to other endpoints as well, and to the container. */
function nameFault(resource: Resource, { endpoint }: ListedBy): string | undefined {
  if (resource.kind !== "link") return undefined;
  if (resource.type === "loopback")
    return resource.name === "lo" && resource.netns !== undefined ? undefined : "which is the host's";
  const strange = placesOf(resource).find((place) => !isHosts(place) && nameOf(place) !== endpoint?.interface);
  return strange === undefined ? undefined : `with the name ${quoted(nameOf(strange))}, and not ${endpoint?.interface}`;
}

/** What the host has already, and gets back by what the list says. */
function hostFault(
  resource: Resource,
  { network, endpoint }: ListedBy,
  links: ReadonlySet<string>,
): string | undefined {
  switch (resource.kind) {
    case "sysctl":
      if (resource.restore !== undefined) return "with a value to restore, which tsd itself reads";
      return resource.netns !== undefined ||
        isOwnParameter(resource, links) ||
        (endpoint === undefined && isForwarding(resource, network))
        ? undefined
        : `for the host's parameter ${quoted(resource.key)}`;
    case "localnet":
      if (resource.restore !== undefined || resource.keepsQdisc !== undefined) return "with what tsd itself reads";
      return links.has(placeOf(undefined, resource.link)) ? undefined : `for the host's link ${quoted(resource.link)}`;
    case "passage":
      return network.passages?.some((chain) => isSameChain(chain, resource.chain))
        ? undefined
        : "through a chain that is none of the network's passages";
    default:
      return undefined;
  }
}

/** `net/FAMILY/conf/LINK/…` or `net/FAMILY/neigh/LINK/…` of a link of the list. */
function isOwnParameter({ key }: Sysctl, links: ReadonlySet<string>): boolean {
  return links.has(placeOf(undefined, linkOf(key) ?? ""));
}

/** What lets the host forward packets by its uplinks; tsd reads what it was before. */
function isForwarding({ key }: Sysctl, { uplinks }: ListedBy["network"]): boolean {
  if (key === "net/ipv6/conf/all/forwarding" || key === "net/ipv4/ip_forward") return true;
  const name = key.split("/")[4] ?? "";
  return (
    ["forwarding", "force_forwarding", "accept_ra", "proxy_arp", "proxy_ndp"].includes(name) &&
    uplinks.some((uplink) => uplink.name === linkOf(key))
  );
}

function linkOf(key: string): string | undefined {
  return /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\/[^/]+$/.exec(key)?.[1];
}

/** Where the ends of a link are. */
function placesOf(resource: Resource): readonly string[] {
  if (resource.kind !== "link" || resource.type === "loopback") return [];
  const { peer } = resource as { readonly peer?: { readonly netns?: string; readonly name: string } };
  const own = placeOf(resource.netns, resource.name);
  return resource.type === "veth" && peer !== undefined ? [own, placeOf(peer.netns, peer.name)] : [own];
}

function placeOf(netns: string | undefined, name: string): string {
  return `${netns ?? ""} ${name}`;
}

function isHosts(place: string): boolean {
  return place.startsWith(" ");
}

function nameOf(place: string): string {
  return place.slice(place.indexOf(" ") + 1);
}
