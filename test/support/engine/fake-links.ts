import ipaddr from "ipaddr.js";
import type { Address, Announcement, Link, Resource, Route, VethLink } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { FakePart, Misuse } from "./fake-part.js";

interface FakeLink {
  readonly netns: string;
  readonly name: string;
  readonly type: Link["type"] | "device";
  readonly mac?: string;
  readonly mtu?: number;
  readonly master?: string;
  readonly hairpin?: boolean;
  readonly isolated?: boolean;
  /** Place of the other end of a veth. */
  readonly peer?: string;
  readonly up: boolean;
}

/** Of the namespace at a path. */
export interface NamespaceUsers {
  /** A process lives in it. */
  isInhabited(netns: string): boolean;
  /** A socket of a process elsewhere is in it. */
  isHeld(netns: string): boolean;
}

const HOST = "host";

function place(netns: string | undefined, name: string): string {
  return `${netns ?? HOST} ${name}`;
}

/** Namespaces with their links, addresses and routes. */
export class FakeLinks implements FakePart {
  private readonly namespaces = new Set([HOST]);
  private readonly links = new Map<string, FakeLink>();
  private readonly addresses = new Map<string, Address>();
  private readonly routes = new Map<string, Route>();

  constructor(
    private readonly misuse: Misuse,
    private readonly users: NamespaceUsers,
  ) {}

  /** A link of the host that somebody else made. */
  addDevice(name: string, type: FakeLink["type"] = "device"): void {
    this.put({ netns: HOST, name, type, up: true });
  }

  hasNamespace(path: string): boolean {
    return this.namespaces.has(path);
  }

  hasLink(name: string, netns?: string): boolean {
    return this.links.has(place(netns, name));
  }

  linksOf(netns: string): readonly string[] {
    return [...this.links.values()].filter((link) => link.netns === netns).map(({ name }) => name);
  }

  hasDefaultRoute(netns: string): boolean {
    return [...this.routes.values()].some((route) => route.netns === netns && route.destination === "0.0.0.0/0");
  }

  ensure(resource: Resource): void {
    if (resource.kind === "netns") this.ensureNamespace(resource.path);
    if (resource.kind === "link") this.ensureLink(resource);
    if (resource.kind === "address") {
      this.require(resource);
      this.addresses.set(`${place(resource.netns, resource.link)} ${resource.address}`, resource);
    }
    if (resource.kind === "route") this.ensureRoute(resource);
    if (resource.kind === "announcement") this.require(resource);
  }

  remove(resource: Resource): void {
    if (resource.kind === "netns") this.removeNamespace(resource.path);
    if (resource.kind === "link" && resource.type !== "loopback") this.removeLink(resource);
    if (resource.kind === "address")
      this.addresses.delete(`${place(resource.netns, resource.link)} ${resource.address}`);
    if (resource.kind === "route")
      this.routes.delete(`${place(resource.netns, resource.link)} ${resource.destination} ${resource.metric}`);
  }

  lines(): readonly string[] {
    return [
      ...[...this.namespaces].map((path) => `netns ${path}`),
      ...[...this.links].map(([at, link]) => `link ${at} ${JSON.stringify(link)}`),
      ...[...this.addresses.keys()].map((at) => `address ${at}`),
      ...[...this.routes].map(([at, { gateway }]) => `route ${at} via ${gateway}`),
    ];
  }

  private ensureNamespace(path: string): void {
    if (this.namespaces.has(path)) return;
    this.namespaces.add(path);
    this.put({ netns: path, name: "lo", type: "loopback", up: false });
  }

  private ensureLink(link: Link): void {
    if (!this.namespaces.has(link.netns ?? HOST)) this.misuse.refuse(`link ${link.name} in no namespace`);
    if (link.type === "veth") {
      this.ensureVeth(link);
    } else {
      const { kind: _kind, netns = HOST, ...traits } = link;
      this.refuseForeign({ netns, up: true, ...traits });
      this.put({ netns, up: true, ...traits });
    }
  }

  private ensureVeth({ kind: _kind, netns = HOST, peer: far, ...traits }: VethLink): void {
    if (!this.namespaces.has(far.netns ?? HOST)) this.misuse.refuse(`peer of ${traits.name} in no namespace`);
    if (traits.master !== undefined && this.links.get(place(netns, traits.master))?.type !== "bridge")
      this.misuse.refuse(`port ${traits.name} of a bridge ${traits.master} that does not exist`);
    const ends: readonly FakeLink[] = [
      { netns, up: true, ...traits, peer: place(far.netns, far.name) },
      { type: "veth", up: true, ...far, netns: far.netns ?? HOST, peer: place(netns, traits.name) },
    ];
    for (const end of ends) this.refuseForeign(end);
    for (const end of ends) this.put(end);
  }

  /** As the rtnetlink provider: a link of that name is adopted where it is of the same kind, address and peer. */
  private refuseForeign({ netns, name, type, mac, peer }: FakeLink): void {
    const found = this.links.get(place(netns, name));
    if (found === undefined || (found.type === type && found.mac === mac && found.peer === peer)) return;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_LINK_CONFLICT",
      message: `the link ${name} exists already and is a ${found.type}`,
    });
  }

  private ensureRoute(route: Route): void {
    this.require(route);
    const { netns, link, gateway, destination, onlink } = route;
    const own = [...this.addresses.values()].filter((address) => address.netns === netns && address.link === link);
    if (gateway !== undefined && !onlink && !own.some(({ address }) => isNear(gateway, address)))
      this.misuse.refuse(`route to ${destination} by unreachable ${gateway}`);
    this.routes.set(`${place(netns, link)} ${destination} ${route.metric}`, route);
  }

  private require({ kind, netns, link }: Address | Route | Announcement): void {
    if (!this.hasLink(link, netns)) this.misuse.refuse(`${kind} on a link ${link} that does not exist`);
  }

  private removeNamespace(path: string): void {
    if (this.users.isInhabited(path)) this.misuse.refuse(`namespace ${path} removed under a living process`);
    if (this.users.isHeld(path))
      this.misuse.refuse(`namespace ${path} removed under the resolver, which keeps it alive`);
    for (const name of this.linksOf(path)) this.dropPair(place(path, name));
    this.namespaces.delete(path);
  }

  private removeLink({ name, netns, type, mac }: Link): void {
    const found = this.links.get(place(netns, name));
    if (found === undefined || found.type !== type || (mac !== undefined && found.mac !== mac)) return;
    const port = [...this.links.values()].find((link) => link.netns === found.netns && link.master === name);
    if (port !== undefined) this.misuse.refuse(`bridge ${name} removed with its port ${port.name}`);
    this.dropPair(place(netns, name));
  }

  private dropPair(at: string): void {
    const peer = this.links.get(at)?.peer;
    this.drop(at);
    if (peer !== undefined) this.drop(peer);
  }

  private drop(at: string): void {
    this.links.delete(at);
    for (const table of [this.addresses, this.routes])
      for (const key of table.keys()) if (key.startsWith(`${at} `)) table.delete(key);
  }

  private put(link: FakeLink): void {
    this.links.set(place(link.netns, link.name), link);
  }
}

function isNear(gateway: string, address: string): boolean {
  const near = ipaddr.parse(gateway);
  const [subnet, length] = ipaddr.parseCIDR(address);
  return near.kind() === subnet.kind() && near.match(subnet, length);
}
