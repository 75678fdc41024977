import type { Claims } from "../../contracts/ecosystem.js";
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

interface Offer {
  /** Those that the endpoint is to have, with prefix length. */
  readonly addresses: readonly string[];
  readonly claims: Pick<Claims, "networkWith">;
}

/**
 * The link of the host that a plug-in offers by `SrcName`. Throws `plugin` for one that is not there, and for one that the
 * host, tsd or another link uses: a plug-in makes a link for each endpoint, and it would be lost to them. Addresses that the
 * endpoint is to have may be on it already. Nor is one taken that could not be told in a container from what that makes itself: it
 * could not be given back.
 */
export function offeredLink(called: Called, source: string, { addresses, claims }: Offer): LinkState {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const links = listLinks(socket);
  const link = links.find(({ name }) => name === source);
  if (link === undefined) throw failed(called, `it named the interface ${source}, and the host has none of that name`);
  const use =
    useOf(link, links) ??
    useByNetwork(called, claims, source) ??
    useByAddresses(socket, link, addresses) ??
    unknowable(link);
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

/** Why the link could not be told from others once it is in a container; see `findMoved`. */
function unknowable({ kind, peer, peerNetns }: LinkState): string | undefined {
  if (kind === undefined) return "is hardware of the host's";
  if (peerNetns !== undefined) return "leads to another namespace than the host's";
  return peer === undefined && kind !== "dummy"
    ? `is a link of kind ${kind}, which has no end on the host to be known by`
    : undefined;
}

/** A parent looks free where all links on it are in containers. */
function useByNetwork({ plugin }: Called, claims: Offer["claims"], source: string): string | undefined {
  const network = claims.networkWith(source, `docker:${plugin}`);
  return network === undefined ? undefined : `is of network "${network}"`;
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
