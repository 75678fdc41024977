import type { Resource } from "../../api/index.js";

/**
 * What a plan knows of the machine as it would leave it. What holds other things, a namespace, a link or a directory,
 * takes them with it when it goes, and is empty when it comes.
 */
export class PlannedMachine {
  private readonly made = new Set<string>();
  /** Places whose content is the plan's and no longer the kernel's. */
  private readonly touched = new Set<string>();
  /** Directories that a mount hid, whose own mode the kernel does not show yet. */
  private readonly uncovered = new Set<string>();

  make(resource: Resource): void {
    this.made.add(JSON.stringify(resource));
    for (const place of placesOf(resource)) this.touched.add(place);
  }

  remove(resource: Resource): void {
    if (resource.kind === "overlay" || resource.kind === "tmpfs") this.uncovered.add(resource.path);
    for (const place of placesOf(resource)) {
      this.touched.add(place);
      for (const text of this.made) {
        const other: Resource = JSON.parse(text);
        if ([...placesOf(other), ...holdersOf(other)].includes(place)) this.made.delete(text);
      }
    }
  }

  /** Whether there would be a file at its path, whatever is in it: names change while a container runs. */
  hasFileAt(path: string): boolean {
    return [...this.made].some((text) => {
      const other: Resource = JSON.parse(text);
      return other.kind === "file" && other.path === path;
    });
  }

  /** Whether the resource would be there; undefined where the plan says nothing, so that the kernel knows. */
  has(resource: Resource): boolean | undefined {
    if (this.made.has(JSON.stringify(resource))) return true;
    if ([...placesOf(resource), ...holdersOf(resource)].some((place) => this.touched.has(place))) return false;
    return resource.kind === "directory" && this.uncovered.has(resource.path) ? true : undefined;
  }
}

/** True for what the kernel takes away with a link of the list. */
export function goesWithLink(resource: Resource, list: readonly Resource[]): boolean {
  if (!["address", "route", "neighbour", "fdb", "wireguard peer"].includes(resource.kind)) return false;
  const links = new Set(list.flatMap((other) => (other.kind === "link" ? placesOf(other) : [])));
  return holdersOf(resource).some((place) => links.has(place));
}

/** Where a resource is, by names that nothing else has. */
function placesOf(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case "netns":
    case "directory":
    case "file":
    case "volume":
      return [`path ${resource.path}`];
    case "link":
      return [
        linkPlace(resource.netns, resource.name),
        ...(resource.type === "veth" ? [linkPlace(resource.peer.netns, resource.peer.name)] : []),
      ];
    case "sysctl":
      return [`sysctl ${resource.netns ?? ""} ${resource.key}`];
    default:
      // A mount hides the directory that it is mounted on, which stays another thing.
      return [JSON.stringify(resource)];
  }
}

/** The places of all that takes the resource with it. */
function holdersOf(resource: Resource): readonly string[] {
  const place = (resource as { readonly netns?: unknown }).netns;
  const netns = typeof place === "string" ? [`path ${place}`] : [];
  switch (resource.kind) {
    case "link":
      return resource.type === "veth" && resource.peer.netns !== undefined
        ? [...netns, `path ${resource.peer.netns}`]
        : netns;
    case "address":
    case "route":
    case "neighbour":
    case "fdb":
    case "announcement":
      return [...netns, linkPlace(resource.netns, resource.link)];
    case "sysctl": {
      const link = /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\//.exec(resource.key)?.[1];
      return link === undefined ? netns : [...netns, linkPlace(resource.netns, link)];
    }
    case "localnet":
    case "wireguard":
    case "wireguard peer":
      return [linkPlace(undefined, resource.link)];
    case "netns":
    case "directory":
    case "file":
    case "overlay":
    case "tmpfs":
    case "volume":
      return parents(resource.path).map((path) => `path ${path}`);
    default:
      return netns;
  }
}

function linkPlace(netns: string | undefined, name: string): string {
  return `link ${netns ?? ""} ${name}`;
}

/** `/a/b`, `/a` of `/a/b/c`. */
function parents(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join("/")}`);
}
