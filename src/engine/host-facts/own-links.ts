import type { Link } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";

/** Interfaces on the host that tsd made, for networks and for endpoints. Reads every row. */
export function ownLinks(store: Pick<Store, "listing">): ReadonlySet<string> {
  const links = store.listing(["link"]).map(({ resource }) => resource);
  return new Set(links.flatMap((link) => (link.kind === "link" ? namesOnHost(link) : [])));
}

/** Both ends of a veth may be on the host. */
export function namesOnHost(link: Link): readonly string[] {
  if (link.type === "loopback") return [];
  const ends = link.type === "veth" ? [link, link.peer] : [link];
  return ends.flatMap(({ netns, name }) => (netns === undefined ? name : []));
}
