import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../kernel/netlink/protocol.js";
import { rootOf } from "../../kernel/rtnetlink/links/link-mark.js";
import { listAddresses } from "../../kernel/rtnetlink/messages/address.js";
import { formatPrefix } from "../../kernel/rtnetlink/messages/ip-prefix.js";
import { type LinkState, listLinks } from "../../kernel/rtnetlink/messages/link.js";
import { AF_INET, AF_INET6 } from "../../kernel/rtnetlink/messages/protocol.js";
import { listRoutes } from "../../kernel/rtnetlink/messages/route.js";
import { bare, contains, networkOf } from "./addresses.js";
import { type Called, failed } from "./plugin-failure.js";

/**
 * The link of the host that a plug-in offers by `SrcName`. Throws `plugin` for one that is not there, and for one that the
 * host, tsd or another link uses: a plug-in makes a link for each endpoint, and it would be lost to them. Addresses that the
 * endpoint is to have may be on it already.
 */
export function offeredLink(called: Called, source: string, addresses: readonly string[]): LinkState {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const links = listLinks(socket);
  const link = links.find(({ name }) => name === source);
  if (link === undefined) throw failed(called, `it named the interface ${source}, and the host has none of that name`);
  const use = useOf(link, links) ?? useByAddresses(socket, link, addresses);
  if (use === undefined) return link;
  throw failed(called, `it named the interface ${source}, which is not for a container: it ${use}`);
}

function useOf(link: LinkState, links: readonly LinkState[]): string | undefined {
  if (link.loopback) return "is the host's loopback";
  if (rootOf(link.alias) !== undefined) return "is tsd's own";
  if (link.kind === "bridge") return "is a bridge";
  const nameOf = (index: number): string => links.find((one) => one.index === index)?.name ?? `link ${index}`;
  if (link.master !== undefined) return `is a port of ${nameOf(link.master)}`;
  const above = links.find(({ kind, peer, index }) => kind !== "veth" && peer === link.index && index !== link.index);
  return above === undefined ? undefined : `carries ${above.name}`;
}

function useByAddresses(socket: NetlinkSocket, link: LinkState, addresses: readonly string[]): string | undefined {
  const isOwn = (address: string): boolean => addresses.some((one) => bare(one) === address);
  const found = listAddresses(socket).filter((one) => one.link === link.index && one.scope === UNIVERSE);
  const address = found.map(formatPrefix).find((one) => !isOwn(bare(one)));
  if (address !== undefined) return `has the host's address ${address}`;
  const isConnected = (destination: string): boolean =>
    addresses.some((one) => contains(networkOf(one), bare(destination))) || contains("fe80::/10", bare(destination));
  const routes = [AF_INET, AF_INET6].flatMap((family) => listRoutes(socket, family as typeof AF_INET));
  const leads = routes.filter((route) => route.link === link.index).map(({ destination }) => formatPrefix(destination));
  const route = leads.find((destination) => !isConnected(destination));
  return route === undefined ? undefined : `leads to ${route}`;
}

/** RT_SCOPE_UNIVERSE of <linux/rtnetlink.h>. */
const UNIVERSE = 0;
