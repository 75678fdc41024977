import type { Link } from "../../api/link-resource.js";
import type { Drift, Provider } from "../../api/provider.js";
import type { Address, ForwardingEntry, Neighbour, Route, Sysctl } from "../../api/resource.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { isNetns } from "../netns/netns.js";
import { describeSysctl, inspectSysctl, removeSysctl, setSysctl } from "../netns/sysctl-resource.js";
import { describeAddress, ensureAddress, inspectAddress, removeAddress } from "./address-resource.js";
import type { LinkKinds } from "./link-kinds/kind-of.js";
import type { VirtualLink } from "./link-kinds/link-kind.js";
import { ensureLinks } from "./links/ensure-link.js";
import { describeLink, inspectLink } from "./links/link-resource.js";
import { removeLinks } from "./links/remove-links.js";
import { describeNeighbour, ensureNeighbour, inspectNeighbour, removeNeighbours } from "./neighbour-resource.js";
import { describeRoute, ensureRoute, inspectRoute, removeRoutes } from "./route-resource.js";
import { linkKey } from "./session/link-key.js";
import { Namespaces } from "./session/namespaces.js";
import { RequestQueue } from "./session/request-queue.js";
import { Snapshots } from "./session/snapshots.js";
import {
  describeTunnelEntry,
  ensureTunnelEntry,
  inspectTunnelEntry,
  removeTunnelEntries,
} from "./tunnel-entry-resource.js";

const kinds = ["link", "address", "route", "neighbour", "fdb", "sysctl"] as const;
type RtnetlinkResource = Link | Address | Route | Neighbour | ForwardingEntry | Sysctl;
/** What messages make, and no file does. */
type Sent = Exclude<RtnetlinkResource, Sysctl>;

/**
 * Links, addresses, routes, neighbours and entries of tunnels, by rtnetlink(7), and kernel parameters among them. The resources of one
 * namespace travel in as few sends as the need to know the index of a new link allows, and what is set by files is set in the same
 * visit. The host's socket stays open from call to call, and belongs to the namespace that the process was in at the first one.
 */
export class RtnetlinkProvider implements Provider<RtnetlinkResource["kind"]>, Disposable {
  readonly kinds = kinds;
  private host: NetlinkSocket | undefined;

  /** `mark` is written on the links that it makes, see {@link markOf}; `linkKinds` are those of extensions. */
  constructor(
    private readonly mark?: string,
    private readonly linkKinds: LinkKinds = () => undefined,
  ) {}

  async ensure(resources: readonly RtnetlinkResource[]): Promise<void> {
    using namespaces = this.namespaces();
    const queue = new RequestQueue(namespaces);
    const snapshots = new Snapshots(namespaces);
    const { mark, linkKinds: kinds } = this;
    const links: Link[] = [];
    const ensureThose = (): void => ensureLinks({ queue, namespaces, mark, kinds }, links.splice(0));
    for (const resource of resources) {
      if (resource.kind === "link") {
        links.push(resource);
        continue;
      }
      ensureThose();
      if (resource.kind === "sysctl") queue.do(resource.netns, () => setSysctl(resource));
      else if (resource.kind === "address") ensureAddress(queue, namespaces, resource);
      else if (resource.kind === "route") ensureRoute({ queue, namespaces, snapshots }, resource);
      else if (resource.kind === "neighbour") ensureNeighbour(queue, resource);
      else ensureTunnelEntry(queue, resource);
    }
    ensureThose();
    queue.flushAll();
  }

  /** What others made stays, whatever it is called. `lo` stays as it is: it goes with its namespace. */
  async remove(resources: readonly RtnetlinkResource[]): Promise<void> {
    try {
      for (const resource of resources) if (resource.kind === "sysctl") removeSysctl(resource);
    } finally {
      await this.removeAll(resources.filter((resource) => resource.kind !== "sysctl"));
    }
  }

  private async removeAll(resources: readonly Sent[]): Promise<void> {
    using namespaces = this.namespaces();
    const present = resources.filter(({ netns }) => netns === undefined || isNetns(netns));
    const links = present.filter((resource) => resource.kind === "link" && resource.type !== "loopback");
    const doomed = new Set(links.flatMap(ends));
    const queue = new RequestQueue(namespaces);
    const snapshots = new Snapshots(namespaces);
    // What a link of the same list carries goes with it.
    const carried = present.flatMap((resource) =>
      resource.kind === "link" || doomed.has(linkKey(resource.netns, resource.link)) ? [] : [resource],
    );
    removeRoutes(queue, snapshots, ofKind(carried, "route"));
    for (const address of ofKind(carried, "address")) removeAddress(queue, snapshots, address);
    removeNeighbours(queue, ofKind(carried, "neighbour"));
    removeTunnelEntries(queue, ofKind(carried, "fdb"));
    queue.flushAll();
    for (const group of Map.groupBy(links, (link) => link.netns).values()) {
      await removeLinks(group, { namespaces, mark: this.mark });
    }
  }

  async inspect(resources: readonly RtnetlinkResource[]): Promise<readonly Drift[]> {
    using namespaces = this.namespaces();
    const snapshots = new Snapshots(namespaces);
    return resources.flatMap((resource) => {
      if (resource.kind === "sysctl") return inspectSysctl(resource) ?? [];
      if (resource.kind === "link") return inspectLink(snapshots, resource, this.linkKinds) ?? [];
      if (resource.kind === "address") return inspectAddress(snapshots, resource) ?? [];
      if (resource.kind === "route") return inspectRoute(snapshots, resource) ?? [];
      if (resource.kind === "neighbour") return inspectNeighbour(snapshots, resource) ?? [];
      return inspectTunnelEntry(snapshots, resource) ?? [];
    });
  }

  /** iproute2 words. */
  async describe(verb: "ensure" | "remove", resources: readonly RtnetlinkResource[]): Promise<readonly string[]> {
    return resources.flatMap((resource) => {
      if (resource.kind === "sysctl") return describeSysctl(verb, resource);
      if (resource.kind === "link") return describeLink(verb, resource, { mark: this.mark, kinds: this.linkKinds });
      if (resource.kind === "address") return describeAddress(verb, resource);
      if (resource.kind === "route") return describeRoute(verb, resource);
      if (resource.kind === "neighbour") return describeNeighbour(verb, resource);
      return describeTunnelEntry(verb, resource);
    });
  }

  /** Closes the host's socket; the next verb opens another. */
  [Symbol.dispose](): void {
    this.host?.close();
    this.host = undefined;
  }

  private namespaces(): Namespaces {
    if (!this.host?.isOpen) this.host = new NetlinkSocket(NETLINK_ROUTE);
    return new Namespaces(this.host);
  }
}

function ofKind<K extends Sent["kind"]>(
  resources: readonly Sent[],
  kind: K,
): readonly Extract<RtnetlinkResource, { readonly kind: K }>[] {
  return resources.filter(
    (resource): resource is Extract<typeof resource, { readonly kind: K }> => resource.kind === kind,
  );
}

function ends(link: VirtualLink): readonly string[] {
  const near = linkKey(link.netns, link.name);
  return link.type === "veth" ? [near, linkKey(link.peer.netns, link.peer.name)] : [near];
}
