import type { Uplink } from "../../api/network.js";
import { readIfPresent } from "../files/read-if-present.js";
import type { NetlinkSocket } from "../netlink/netlink-socket.js";
import { rootOf } from "../rtnetlink/links/link-mark.js";
import { listAddresses } from "../rtnetlink/messages/address.js";
import { findLinks, type LinkState } from "../rtnetlink/messages/link.js";
import { AF_INET, AF_INET6, RT_SCOPE_UNIVERSE } from "../rtnetlink/messages/protocol.js";
import { inwardLinks } from "./inward-links.js";
import type { WaysOut } from "./ways-out.js";

/**
 * Interfaces by which the host reaches other machines: those with an address that is valid everywhere or a way out, except
 * those of `own` and all others that bear a tsd's mark, and those that lead to nothing but local namespaces, such as those of other container
 * networks and of plug-ins. Its cost does not grow with the number of tsd's own containers.
 */
export function listUplinks(socket: NetlinkSocket, { v4, v6 }: WaysOut, own: ReadonlySet<string>): readonly Uplink[] {
  const ways = new Map([...v4, ...v6].map((link) => [link.index, link]));
  const candidates = new Set([...addressed4(socket), ...addressed6(socket, own)]);
  const others = findLinks(
    socket,
    [...candidates].filter((index) => !ways.has(index)),
  );
  const all = [...ways.values(), ...others].sort((a, b) => a.index - b.index);
  const links = all.filter(({ name, loopback, alias }) => !loopback && !own.has(name) && rootOf(alias) === undefined);
  const global6 = globalForwarding6();
  const inward = inwardLinks(
    socket,
    links.filter(({ index }) => !ways.has(index)),
  );
  return links.filter(({ index }) => !inward.has(index)).map((link) => uplinkOf(link, global6 !== undefined));
}

/** Indices of links with an IPv4 address that is valid everywhere and not tsd's. */
function addressed4(socket: NetlinkSocket): readonly number[] {
  return listAddresses(socket, AF_INET)
    .filter(({ family, scope, own }) => family === AF_INET && scope === RT_SCOPE_UNIVERSE && !own)
    .map(({ link }) => link);
}

/** address, index, prefix length, scope, flags in hexadecimal; name. Of scope 0 are those that are valid everywhere. */
const GLOBAL_ADDRESS = /^[0-9a-f]{32} ([0-9a-f]+) [0-9a-f]+ 00 [0-9a-f]+ +(.+)$/gm;

/** Of more links than these it is cheaper to list all addresses than to look at each link. */
const FEW = 32;

/**
 * The same of IPv6. The kernel lists addresses of both ends of every cable, with or without a filter, and this file is the
 * cheapest way through them; but it does not say whose an address is.
 */
function addressed6(socket: NetlinkSocket, own: ReadonlySet<string>): readonly number[] {
  const lines = (readIfPresent("/proc/net/if_inet6") ?? "").matchAll(GLOBAL_ADDRESS);
  const found = Array.from(lines).flatMap(([, index = "", name = ""]) =>
    own.has(name) ? [] : [Number.parseInt(index, 16)],
  );
  if (found.length <= FEW) return found;
  return listAddresses(socket, AF_INET6)
    .filter(({ scope, own: isOwn }) => scope === RT_SCOPE_UNIVERSE && !isOwn)
    .map(({ link }) => link);
}

/** `Host.forwarding6`. */
export function globalForwarding6(): boolean | undefined {
  return isSet("net/ipv6/conf/all/force_forwarding") === undefined ? isSet("net/ipv6/conf/all/forwarding") : undefined;
}

function uplinkOf({ name, index }: LinkState, forwardsGlobally: boolean): Uplink {
  const forwarding6 = isSet(`net/ipv6/conf/${name}/force_forwarding`);
  const acceptRa = forwardsGlobally ? readIfPresent(`/proc/sys/net/ipv6/conf/${name}/accept_ra`) : undefined;
  return {
    name,
    index,
    forwarding: isSet(`net/ipv4/conf/${name}/forwarding`) ?? false,
    ...(forwarding6 === undefined ? {} : { forwarding6 }),
    ...(acceptRa === undefined ? {} : { heedsRouters: acceptRa.trim() !== "0" }),
  };
}

/** Whether a kernel parameter is 1; undefined where it does not exist. */
function isSet(key: string): boolean | undefined {
  const value = readIfPresent(`/proc/sys/${key}`);
  return value === undefined ? undefined : value.trim() === "1";
}
