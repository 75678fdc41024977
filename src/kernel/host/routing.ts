import type { Routing } from "../../contracts/index.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { listAddresses } from "../rtnetlink/messages/address.js";
import { formatPrefix, isLinkLocal } from "../rtnetlink/messages/ip-prefix.js";
import { findLinks, listLinks } from "../rtnetlink/messages/link.js";
import { AF_INET, AF_INET6, RT_SCOPE_UNIVERSE } from "../rtnetlink/messages/protocol.js";
import { listRoutes } from "../rtnetlink/messages/route.js";
import { lookUpRoute } from "../rtnetlink/messages/route-lookup.js";
import { globalForwarding6, listUplinks } from "./uplinks.js";
import { leadsOut, type WaysOut, waysOut } from "./ways-out.js";

/** Links that are asked for one by one: all replies to one request wait in the socket's buffer, some 4 KiB each. */
const FEW = 256;

export const routing: Routing = {
  uplinks: (own) => waysAndUplinks(own).uplinks,

  egressMtu() {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return leastMtu(waysOut(socket));
  },

  waysOut: waysAndUplinks,

  routes() {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const routes = [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)].filter(
      ({ destination }) => !leadsOut(destination) && !isLinkLocal(destination.bytes),
    );
    const nameOf = namesOf(socket, routes);
    return routes.map(({ destination, link }) => ({ cidr: formatPrefix(destination), link: nameOf(link) }));
  },

  addresses() {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const addresses = listAddresses(socket).filter(({ scope }) => scope === RT_SCOPE_UNIVERSE);
    const nameOf = namesOf(socket, addresses);
    return addresses.map((state) => ({ link: nameOf(state.link), address: formatPrefix(state) }));
  },

  routeTo(address, netns) {
    using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
    return lookUpRoute(socket, address);
  },

  forwarding6: globalForwarding6,
};

function waysAndUplinks(own: ReadonlySet<string> = new Set()): ReturnType<Routing["waysOut"]> {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const out = waysOut(socket);
  const egressMtu = leastMtu(out);
  return { uplinks: listUplinks(socket, out, own), ...(egressMtu === undefined ? {} : { egressMtu }) };
}

/** In bytes; undefined where there is no way out. */
function leastMtu({ v4, v6 }: WaysOut): number | undefined {
  const widths = (v4.length > 0 ? v4 : v6).flatMap(({ mtu }) => mtu ?? []);
  return widths.length === 0 ? undefined : Math.min(...widths);
}

/** Names of the links that are listed: the host has many more, of which the kernel says much. */
function namesOf(
  socket: NetlinkSocket,
  listed: readonly { readonly link?: number | undefined }[],
): (link: number | undefined) => string {
  const indices = [...new Set(listed.flatMap(({ link }) => link ?? []))];
  const links = indices.length > FEW ? listLinks(socket) : findLinks(socket, indices);
  const names = new Map(links.map(({ index, name }) => [index, name]));
  return (link) => (link === undefined ? undefined : names.get(link)) ?? "several links";
}
