import type { Resource } from "../../../src/api/index.js";
import type { FakePart, Misuse } from "./fake-part.js";

/** Permanent neighbours of links, and the hosts that MAC addresses are at; both go with their link. */
export class FakeTunnels implements FakePart {
  private readonly entries = new Map<string, { readonly link: string; readonly value: string }>();

  constructor(
    private readonly misuse: Misuse,
    private readonly hasLink: (name: string, netns?: string) => boolean,
  ) {}

  ensure(resource: Resource): void {
    if (resource.kind !== "neighbour" && resource.kind !== "fdb") return;
    if (!this.hasLink(resource.link))
      this.misuse.refuse(`${resource.kind} on a link ${resource.link} that does not exist`);
    this.entries.set(keyOf(resource), { link: resource.link, value: contentOf(resource) });
  }

  /** What another has by now stays. */
  remove(resource: Resource): void {
    if (resource.kind !== "neighbour" && resource.kind !== "fdb") return;
    if (this.entries.get(keyOf(resource))?.value === contentOf(resource)) this.entries.delete(keyOf(resource));
  }

  lines(): readonly string[] {
    return [...this.entries].flatMap(([key, { link, value }]) => (this.hasLink(link) ? [`${key} ${value}`] : []));
  }
}

type Entry = Extract<Resource, { readonly kind: "neighbour" | "fdb" }>;

function keyOf(entry: Entry): string {
  return entry.kind === "fdb" ? `fdb ${entry.link} ${entry.mac}` : `neighbour ${entry.link} ${entry.address}`;
}

function contentOf(entry: Entry): string {
  return entry.kind === "fdb" ? entry.remote : entry.mac;
}
