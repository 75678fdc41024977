import { TsdError } from "../../errors/tsd-error.js";
import type { NetlinkSocket } from "../netlink/netlink-socket.js";
import { listAddresses } from "../rtnetlink/messages/address.js";
import { formatPrefix } from "../rtnetlink/messages/ip-prefix.js";
import { findLink, type LinkState } from "../rtnetlink/messages/link.js";
import { RT_SCOPE_UNIVERSE } from "../rtnetlink/messages/protocol.js";

/**
 * The addresses of a bridge that are valid everywhere, with prefix lengths. Throws `not-found` for no link of that name,
 * `conflict` for one of another kind.
 */
export function bridgeAddresses(socket: NetlinkSocket, name: string): readonly string[] {
  const link = findLink(socket, name);
  if (link === undefined) throw noBridge(name);
  if (link.kind !== "bridge") throw otherKind(link);
  return listAddresses(socket)
    .filter((address) => address.link === link.index && address.scope === RT_SCOPE_UNIVERSE)
    .map(formatPrefix);
}

function noBridge(name: string): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_BRIDGE_MISSING",
    message: `there is no bridge ${name}`,
    hint: `Make it first: ip link add ${name} up type bridge`,
    details: { bridge: name },
  });
}

function otherKind({ name, kind = "hardware device" }: LinkState): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_BRIDGE_KIND",
    message: `${name} is a ${kind}, not a bridge`,
    hint: "Name a bridge; those there are: ip link show type bridge",
    details: { bridge: name, found: kind },
  });
}
