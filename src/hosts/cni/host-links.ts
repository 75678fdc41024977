import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../kernel/netlink/protocol.js";
import { findLink } from "../../kernel/rtnetlink/messages/link.js";

/** Indexes of the host's interfaces of these names, as far as they exist. */
export function hostLinks(names: readonly string[]): Readonly<Record<string, number>> {
  if (names.length === 0) return {};
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const found = names.map((name) => [name, findLink(socket, name)?.index] as const);
  return Object.fromEntries(found.filter((entry): entry is readonly [string, number] => entry[1] !== undefined));
}
