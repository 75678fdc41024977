import { TsdError } from "../../errors/tsd-error.js";
import { NetlinkSocket } from "../../kernel/netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../kernel/netlink/protocol.js";
import { listAddresses } from "../../kernel/rtnetlink/messages/address.js";
import { formatPrefix } from "../../kernel/rtnetlink/messages/ip-prefix.js";
import { findLink } from "../../kernel/rtnetlink/messages/link.js";

/** An interface as it is, whatever a plug-in said of it. */
export interface FoundInterface {
  readonly mac?: string;
  /** With prefix length, link-local ones too. */
  readonly addresses: readonly string[];
}

/** That of a name in the namespace at `netns`; undefined where either is missing. */
export function interfaceIn(netns: string, name: string): FoundInterface | undefined {
  try {
    using socket = new NetlinkSocket(NETLINK_ROUTE, netns);
    const link = findLink(socket, name);
    if (link === undefined) return undefined;
    const own = listAddresses(socket).filter((address) => address.link === link.index);
    return { ...(link.mac === undefined ? {} : { mac: link.mac }), addresses: own.map(formatPrefix) };
  } catch (error) {
    if (TsdError.is(error, "not-found") || TsdError.is(error, "invalid-input")) return undefined;
    throw error;
  }
}
