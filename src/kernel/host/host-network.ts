import { constants, hostname } from "node:os";
import type { Uplink } from "../../api/network.js";
import type { Protocol } from "../../api/resource.js";
import { readIfPresent } from "../files/read-if-present.js";
import { forwardDrops } from "../forward-chains/forward-drops.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { programPath } from "../programs/program-path.js";
import { hasIngressQdisc } from "../rtnetlink/filters/ingress-filter.js";
import { rootOf } from "../rtnetlink/links/link-mark.js";
import { listAddresses } from "../rtnetlink/messages/address.js";
import { formatPrefix } from "../rtnetlink/messages/ip-prefix.js";
import { findLink, listLinks } from "../rtnetlink/messages/link.js";
import { AF_INET, AF_INET6, RT_SCOPE_UNIVERSE } from "../rtnetlink/messages/protocol.js";
import { listRoutes } from "../rtnetlink/messages/route.js";
import { lookUpRoute, type RouteLookup } from "../rtnetlink/messages/route-lookup.js";
import { bridgeAddresses } from "./bridge-addresses.js";
import { firewalls } from "./firewalls.js";
import { findListeners, listListeners } from "./listeners.js";
import { missingFeatures } from "./missing-features.js";
import { type HostPort, probePort } from "./port-probe.js";
import { readResolverFiles } from "./resolver-file.js";
import { tableStatistics } from "./table-statistics.js";
import { globalForwarding6, listUplinks } from "./uplinks.js";
import { leadsOut, waysOut } from "./ways-out.js";

export interface HostRoute {
  readonly cidr: string;
  /** Name of the link, or words for a route over several. */
  readonly link: string;
}

/** Facts about the machine and the network of the caller's namespace, read anew at each question. */
export const hostNetwork = {
  /** See {@link listUplinks}. */
  uplinks(own?: ReadonlySet<string>): readonly Uplink[] {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return listUplinks(socket, own);
  },

  /** Unicast routes of the main table, both families, without those that {@link leadsOut} and link-local ones. */
  routes(): readonly HostRoute[] {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const names = new Map(listLinks(socket).map(({ index, name }) => [index, name]));
    return [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)]
      .filter(({ destination }) => !leadsOut(destination) && !isLinkLocal(destination.bytes))
      .map(({ destination, link }) => ({ cidr: formatPrefix(destination), link: nameOf(names, link) }));
  },

  /** Those that are valid everywhere, with prefix lengths. */
  addresses(): readonly { readonly link: string; readonly address: string }[] {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const names = new Map(listLinks(socket).map(({ index, name }) => [index, name]));
    return listAddresses(socket)
      .filter(({ scope }) => scope === RT_SCOPE_UNIVERSE)
      .map((state) => ({ link: nameOf(names, state.link), address: formatPrefix(state) }));
  },

  /** See {@link lookUpRoute}; in the namespace at that path, or the caller's. */
  routeTo(address: string, netns?: string): RouteLookup | undefined {
    using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
    return lookUpRoute(socket, address);
  },

  /**
   * The least MTU in bytes of the links that packets to the Internet leave by, those of IPv4 if there are any; undefined
   * where none does.
   */
  egressMtu(): number | undefined {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const { v4, v6 } = waysOut(socket);
    const widths = (v4.length > 0 ? v4 : v6).flatMap(({ mtu }) => mtu ?? []);
    return widths.length === 0 ? undefined : Math.min(...widths);
  },

  /** True and false where IPv6 is forwarded for the host as a whole or not; undefined where that goes by interface. */
  forwarding6(): boolean | undefined {
    return globalForwarding6();
  },

  /** See {@link bridgeAddresses}. */
  bridge(name: string): { readonly addresses: readonly string[] } {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return { addresses: bridgeAddresses(socket, name) };
  },

  forwardDrops,
  firewalls,

  /** See {@link readResolverFiles}. */
  resolverFiles: readResolverFiles,

  hostname(): string {
    return hostname();
  },

  /** The text of /etc/hosts, see hosts(5); empty where the file is missing. */
  hostsFile(): string {
    return readIfPresent("/etc/hosts") ?? "";
  },

  /** A link by any of its names; undefined where there is none. `installation` is the root of the tsd whose mark it bears. */
  link(name: string): { readonly installation?: string } | undefined {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const found = findLink(socket, name);
    if (found === undefined) return undefined;
    const installation = rootOf(found.alias);
    return installation === undefined ? {} : { installation };
  },

  /** MTU in bytes of a link by its name; undefined where there is none. */
  linkMtu(name: string): number | undefined {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return findLink(socket, name)?.mtu;
  },

  /** Whether a link has a queueing discipline for filters on what comes in (clsact or ingress, tc(8)). */
  filtersIngress(name: string): boolean {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const index = findLink(socket, name)?.index;
    return index !== undefined && hasIngressQdisc(socket, index);
  },

  missingFeatures,

  /** Throws `unsupported` naming the package of a program that is not installed. */
  async requireProgram(name: string): Promise<void> {
    programPath(name);
  },

  /** A kernel parameter by its path below /proc/sys; undefined where it does not exist. */
  parameter(key: string): string | undefined {
    return readIfPresent(`/proc/sys/${key}`)?.trim();
  },

  tableStatistics,

  /** First and last port that the kernel hands out by itself. */
  portRange(): { readonly first: number; readonly last: number } {
    const text = readIfPresent("/proc/sys/net/ipv4/ip_local_port_range") ?? "";
    const [first = 32768, last = 60999] = text.trim().split(/\s+/).filter(Boolean).map(Number);
    return { first, last };
  },

  /** True if no process holds the port; see {@link probePort}. */
  isPortFree(binding: HostPort): boolean {
    return probePort(binding) === undefined;
  },

  /** False for an address that the host has not, unless `ip_nonlocal_bind` is set; see ip(7). */
  canBind(protocol: Protocol, hostAddress: string): boolean {
    // Port 0 is any that is free.
    return probePort({ protocol, hostAddress, hostPort: 0 }) !== constants.errno.EADDRNOTAVAIL;
  },

  listeners: listListeners,
  findListeners,

  /** What a namespace holds already. Throws `not-found` or `invalid-input` for a path that is no network namespace. */
  namespace(path: string): { readonly links: readonly string[]; readonly hasDefaultRoute: boolean } {
    using socket = new NetlinkSocket(NETLINK_ROUTE, path);
    const routes = [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)];
    return {
      links: listLinks(socket).map(({ name }) => name),
      hasDefaultRoute: routes.some(({ destination }) => leadsOut(destination)),
    };
  },
};

/** fe80::/10, which every link has. */
function isLinkLocal(bytes: Buffer): boolean {
  return bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}

function nameOf(names: ReadonlyMap<number, string>, link: number | undefined): string {
  return (link === undefined ? undefined : names.get(link)) ?? "several links";
}
