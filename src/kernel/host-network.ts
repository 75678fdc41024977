import { readFileSync } from "node:fs";
import type { Uplink } from "../api/network.js";
import { errnoOf, fileError } from "./errno.js";
import { NetlinkSocket } from "./netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "./netlink/protocol.js";
import { type HostPort, probePort } from "./port-probe.js";
import { listAddresses } from "./rtnetlink/address.js";
import { formatPrefix } from "./rtnetlink/ip-prefix.js";
import { type LinkState, listLinks } from "./rtnetlink/link.js";
import { AF_INET, AF_INET6, RT_SCOPE_UNIVERSE } from "./rtnetlink/protocol.js";
import { listRoutes, type RouteState } from "./rtnetlink/route.js";

export interface HostRoute {
  readonly cidr: string;
  /** Name of the link, or words for a route over several. */
  readonly link: string;
}

/** Facts about the network of the caller's namespace, read anew at each question. */
export const hostNetwork = {
  /**
   * Interfaces by which the host reaches other machines: those with an IPv4 address that is valid everywhere, except
   * bridges that lead to nothing but local namespaces, such as those of other container networks.
   */
  uplinks(): readonly Uplink[] {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const links = listLinks(socket);
    const routes = listRoutes(socket, AF_INET);
    const addresses = listAddresses(socket).filter(isGlobal);
    return links
      .filter((link) => !link.loopback && addresses.some((address) => address.link === link.index))
      .filter((link) => !isInward(link, links, routes))
      .map(({ name }) => ({ name, forwarding: isForwarding(name) }));
  },

  /** Unicast routes of the main table, both families, without default routes and link-local ones. */
  routes(): readonly HostRoute[] {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const names = new Map(listLinks(socket).map(({ index, name }) => [index, name]));
    return [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)]
      .filter(({ destination }) => destination.length > 0 && !isLinkLocal(destination.bytes))
      .map(({ destination, link }) => ({ cidr: formatPrefix(destination), link: nameOf(names, link) }));
  },

  /** The resolvers of /etc/resolv.conf, see resolv.conf(5); none where the file is missing. */
  nameservers(): readonly string[] {
    return parseNameservers(readIfPresent("/etc/resolv.conf") ?? "");
  },

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

  /** What a namespace holds already. Throws `not-found` or `invalid-input` for a path that is no network namespace. */
  namespace(path: string): { readonly links: readonly string[]; readonly hasDefaultRoute: boolean } {
    using socket = new NetlinkSocket(NETLINK_ROUTE, path);
    const routes = [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)];
    return {
      links: listLinks(socket).map(({ name }) => name),
      hasDefaultRoute: routes.some(({ destination }) => destination.length === 0),
    };
  },
};

/** Addresses after the word `nameserver`, without zones. */
export function parseNameservers(text: string): readonly string[] {
  const lines = text.matchAll(/^[ \t]*nameserver[ \t]+([^\s%]+)/gm);
  return Array.from(lines, ([, address = ""]) => address);
}

function isGlobal({ family, scope }: { readonly family: number; readonly scope: number }): boolean {
  return family === AF_INET && scope === RT_SCOPE_UNIVERSE;
}

/** True for a bridge whose ports are all veths and that no gateway lies behind. */
function isInward(link: LinkState, links: readonly LinkState[], routes: readonly RouteState[]): boolean {
  if (link.kind !== "bridge") return false;
  if (routes.some((route) => route.link === link.index && route.gateway !== undefined)) return false;
  return links.every((port) => port.master !== link.index || port.kind === "veth");
}

function isForwarding(link: string): boolean {
  return readIfPresent(`/proc/sys/net/ipv4/conf/${link}/forwarding`)?.trim() === "1";
}

/** fe80::/10, which every link has. */
function isLinkLocal(bytes: Buffer): boolean {
  return bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}

function nameOf(names: ReadonlyMap<number, string>, link: number | undefined): string {
  return (link === undefined ? undefined : names.get(link)) ?? "several links";
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fileError("read", path, error);
  }
}
