import type { HostLink } from "../../api/index.js";
import type { Links } from "../../contracts/index.js";
import { NetlinkSocket } from "../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../netlink/protocol.js";
import { hasIngressQdisc } from "../rtnetlink/filters/ingress-filter.js";
import { rootOf } from "../rtnetlink/links/link-mark.js";
import { listAddresses } from "../rtnetlink/messages/address.js";
import { formatPrefix } from "../rtnetlink/messages/ip-prefix.js";
import { findLink, listLinkNames, listLinks } from "../rtnetlink/messages/link.js";
import { listAllRoutes } from "../rtnetlink/messages/route.js";
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

  links() {
    using socket = new NetlinkSocket(NETLINK_ROUTE);
    const found = listLinks(socket);
    const names = new Map(found.map(({ index, name }) => [index, name]));
    const addresses = Map.groupBy(listAddresses(socket), ({ link }) => link);
    return found.map(({ index, name, kind, up, mtu = 0, mac, peer, master }): HostLink => {
      // The other end of a veth is not what it stands on.
      const parent = kind === "veth" ? undefined : names.get(peer ?? 0);
      const bridge = names.get(master ?? 0);
      return {
        name,
        up,
        mtu,
        addresses: (addresses.get(index) ?? []).map(formatPrefix),
        ...(kind === undefined ? {} : { kind }),
        ...(mac === undefined ? {} : { mac }),
        ...(parent === undefined ? {} : { parent }),
        ...(bridge === undefined ? {} : { master: bridge }),
      };
    });
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
    return {
      links: listLinkNames(socket),
      hasDefaultRoute: listAllRoutes(socket).some(({ destination }) => leadsOut(destination)),
    };
  },
};
