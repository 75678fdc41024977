import type { Uplink } from "../api/network.js";
import type { NetlinkSocket } from "./netlink/netlink-socket.js";
import { readIfPresent } from "./read-if-present.js";
import { listAddresses } from "./rtnetlink/address.js";
import { type LinkState, listLinks } from "./rtnetlink/link.js";
import { AF_INET, AF_INET6, RT_SCOPE_UNIVERSE } from "./rtnetlink/protocol.js";
import { listRoutes, type RouteState } from "./rtnetlink/route.js";

/**
 * Interfaces by which the host reaches other machines: those with an address that is valid everywhere, except bridges
 * that lead to nothing but local namespaces, such as those of other container networks.
 */
export function listUplinks(socket: NetlinkSocket): readonly Uplink[] {
  const links = listLinks(socket);
  const routes = [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)];
  const addresses = listAddresses(socket).filter(({ scope }) => scope === RT_SCOPE_UNIVERSE);
  const global6 = globalForwarding6();
  return links
    .filter((link) => !link.loopback && addresses.some((address) => address.link === link.index))
    .filter((link) => !isInward(link, links, routes))
    .map(({ name }) => uplinkOf(name, global6 !== undefined));
}

/** `Host.forwarding6`. */
export function globalForwarding6(): boolean | undefined {
  return isSet("net/ipv6/conf/all/force_forwarding") === undefined ? isSet("net/ipv6/conf/all/forwarding") : undefined;
}

function uplinkOf(name: string, forwardsGlobally: boolean): Uplink {
  const forwarding6 = isSet(`net/ipv6/conf/${name}/force_forwarding`);
  const heedsRouters = forwardsGlobally ? isSet(`net/ipv6/conf/${name}/accept_ra`) : undefined;
  return {
    name,
    forwarding: isSet(`net/ipv4/conf/${name}/forwarding`) ?? false,
    ...(forwarding6 === undefined ? {} : { forwarding6 }),
    ...(heedsRouters === undefined ? {} : { heedsRouters }),
  };
}

/** True for a bridge whose ports are all veths and that no gateway lies behind. */
function isInward(link: LinkState, links: readonly LinkState[], routes: readonly RouteState[]): boolean {
  if (link.kind !== "bridge") return false;
  if (routes.some((route) => route.link === link.index && route.gateway !== undefined)) return false;
  return links.every((port) => port.master !== link.index || port.kind === "veth");
}

/** Whether a kernel parameter is 1; undefined where it does not exist. */
function isSet(key: string): boolean | undefined {
  const value = readIfPresent(`/proc/sys/${key}`);
  return value === undefined ? undefined : value.trim() === "1";
}
