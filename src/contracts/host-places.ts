import type { Link, Resource } from "../api/index.js";

/** Kinds of resource that are found on the host by a name, and that rows of several networks or endpoints may list. */
export type PlaceKind = "link" | "sysctl" | "localnet";

/** Kind and name, as in `link web0`: where on the host a resource is. */
export type Place = `${PlaceKind} ${string}`;

/** The places on the host that a resource takes; none for what is inside of a namespace. */
export function hostPlaces(resource: Resource): readonly Place[] {
  switch (resource.kind) {
    case "link":
      return namesOnHost(resource).map((name) => `link ${name}` as const);
    case "sysctl":
      return resource.netns === undefined ? [`sysctl ${resource.key}`] : [];
    case "localnet":
      return [`localnet ${resource.link}`];
    default:
      return [];
  }
}

/** Both ends of a veth may be on the host. */
export function namesOnHost(link: Link): readonly string[] {
  if (link.type === "loopback") return [];
  const ends = link.type === "veth" ? [link, link.peer] : [link];
  return ends.flatMap(({ netns, name }) => (netns === undefined ? name : []));
}
