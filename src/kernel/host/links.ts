import type { Links } from "../../contracts/index.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { hasIngressQdisc } from "../rtnetlink/filters/ingress-filter.js";
import { rootOf } from "../rtnetlink/links/link-mark.js";
import { findLink, listLinks } from "../rtnetlink/messages/link.js";
import { AF_INET, AF_INET6 } from "../rtnetlink/messages/protocol.js";
import { listRoutes } from "../rtnetlink/messages/route.js";
import { bridgeAddresses } from "./bridge-addresses.js";
import { leadsOut } from "./ways-out.js";

export const links: Links = {
  link(name) {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const found = findLink(socket, name);
    if (found === undefined) return undefined;
    const installation = rootOf(found.alias);
    return installation === undefined ? {} : { installation };
  },

  linkMtu(name) {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return findLink(socket, name)?.mtu;
  },

  filtersIngress(name) {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const index = findLink(socket, name)?.index;
    return index !== undefined && hasIngressQdisc(socket, index);
  },

  bridge(name) {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    return { addresses: bridgeAddresses(socket, name) };
  },

  namespace(path) {
    using socket = new NetlinkSocket(NETLINK_ROUTE, path);
    const routes = [...listRoutes(socket, AF_INET), ...listRoutes(socket, AF_INET6)];
    return {
      links: listLinks(socket).map(({ name }) => name),
      hasDefaultRoute: routes.some(({ destination }) => leadsOut(destination)),
    };
  },
};
