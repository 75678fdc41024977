import { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NETLINK_ROUTE } from "../../netlink/protocol.js";
import { listLinks } from "../messages/link.js";

/** An alias has IFALIASZ − 1 bytes at most (<linux/if.h>); three fewer, since a cut character may come out longer. */
const MAX_BYTES = 252;
const PREFIX = "tsd ";

/**
 * What `ip link show` prints as the alias of a link that tsd made: names alone prove nothing, since docker's are alike.
 * Several installations can share a host, each with a `root` of its own, which is why the mark names it: by its
 * canonical path, which need not exist yet.
 */
export function markOf(root: string): string {
  return Buffer.from(`${PREFIX}${root}`).subarray(0, MAX_BYTES).toString();
}

/** Roots of other installations that have links here. */
export function otherRoots(root: string): readonly string[] {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const own = rootOf(markOf(root));
  const roots = listLinks(socket).flatMap(({ alias }) => rootOf(alias) ?? []);
  return [...new Set(roots)].filter((other) => other !== own);
}

/** Names of the root's links that lead into another namespace. */
export function linksInUse(root: string): readonly string[] {
  using socket = new NetlinkSocket(NETLINK_ROUTE);
  const mark = markOf(root);
  return listLinks(socket).flatMap(({ name, alias, kind }) => (alias === mark && kind === "veth" ? [name] : []));
}

/** The root that a mark names, if an alias is one. */
export function rootOf(alias: string | undefined): string | undefined {
  return alias?.startsWith(PREFIX) ? alias.slice(PREFIX.length) : undefined;
}
