import type { Resource } from "../../../src/api/index.js";
import type { FakePart, Misuse } from "./fake-part.js";

/** Permanent neighbours of links, the hosts that MAC addresses are at, keys and peers; all go with their link. */
export class FakeTunnels implements FakePart {
  private readonly entries = new Map<string, { readonly link: string; readonly value: string }>();

  constructor(
    private readonly misuse: Misuse,
    private readonly hasLink: (name: string, netns?: string) => boolean,
  ) {}

  ensure(resource: Resource): void {
    if (!isEntry(resource)) return;
    if (!this.hasLink(resource.link))
      this.misuse.refuse(`${resource.kind} on a link ${resource.link} that does not exist`);
    this.entries.set(keyOf(resource), { link: resource.link, value: contentOf(resource) });
  }

  /** What another has by now stays. */
  remove(resource: Resource): void {
    if (!isEntry(resource)) return;
    if (this.entries.get(keyOf(resource))?.value === contentOf(resource)) this.entries.delete(keyOf(resource));
  }

  lines(): readonly string[] {
    return [...this.entries].flatMap(([key, { link, value }]) => (this.hasLink(link) ? [`${key} ${value}`] : []));
  }
}

type Entry = Extract<Resource, { readonly kind: "neighbour" | "fdb" | "wireguard" | "wireguard peer" }>;

function isEntry(resource: Resource): resource is Entry {
  return ["neighbour", "fdb", "wireguard", "wireguard peer"].includes(resource.kind);
}

function keyOf(entry: Entry): string {
  switch (entry.kind) {
    case "fdb":
      return `fdb ${entry.link} ${entry.mac}`;
    case "neighbour":
      return `neighbour ${entry.link} ${entry.address}`;
    case "wireguard":
      return `wireguard ${entry.link}`;
    case "wireguard peer":
      return `wireguard peer ${entry.link} ${entry.publicKey}`;
  }
}

function contentOf(entry: Entry): string {
  switch (entry.kind) {
    case "fdb":
      return entry.remote;
    case "neighbour":
      return entry.mac;
    case "wireguard":
      return `${entry.generation} ${entry.port}`;
    case "wireguard peer":
      return `${entry.address} ${entry.port} ${entry.inner}`;
  }
}
