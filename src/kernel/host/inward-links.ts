import type { NetlinkSocket } from "../netlink/netlink-socket.js";
import { isLinkLocal } from "../rtnetlink/messages/ip-prefix.js";
import { type LinkState, listLinks } from "../rtnetlink/messages/link.js";
import { AF_INET, AF_INET6 } from "../rtnetlink/messages/protocol.js";
import { listRoutes, type RouteState } from "../rtnetlink/messages/route.js";

/**
 * Indices of those links that lead to nothing but namespaces of this machine, as far as its routes go: bridges whose ports are all
 * veths, and veths by which the host reaches single addresses alone, as plug-ins for containers and virtual machines make
 * them. A gateway behind one makes it a way to others.
 */
export function inwardLinks(socket: NetlinkSocket, links: readonly LinkState[]): ReadonlySet<number> {
  const candidates = links.filter((link) => isCable(link) || isBridgeOfCables(socket, link));
  if (candidates.length === 0) return new Set();
  const leading = new Set<number>();
  const bridges = new Set(links.flatMap(({ index, kind }) => (kind === "bridge" ? [index] : [])));
  const routes = [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)];
  for (const { link, gateway, destination } of routes) {
    if (link === undefined) continue;
    if (gateway !== undefined || (!bridges.has(link) && leadsToSeveral(destination))) leading.add(link);
  }
  return new Set(candidates.flatMap(({ index }) => (leading.has(index) ? [] : [index])));
}

/** One that is down has no routes, and nobody knows whereto it leads. */
function isCable({ kind, up }: LinkState): boolean {
  return kind === "veth" && up;
}

function isBridgeOfCables(socket: NetlinkSocket, { kind, index }: LinkState): boolean {
  return kind === "bridge" && listLinks(socket, { master: index }).every((port) => port.kind === "veth");
}

function leadsToSeveral({ bytes, length }: RouteState["destination"]): boolean {
  return length < bytes.length * 8 && !isLinkLocal(bytes);
}
