import { Attributes } from "../netlink/attributes.js";
import { MessageBatch } from "../netlink/message-batch.js";
import type { NetlinkSocket } from "../netlink/netlink-socket.js";
import type { IpPrefix } from "../rtnetlink/messages/ip-prefix.js";
import { findLinks, type LinkState } from "../rtnetlink/messages/link.js";
import * as p from "../rtnetlink/messages/protocol.js";

/**
 * The first bytes of the middle of each quarter of IPv4, without multicast, and of each half of IPv6's global unicast
 * (2000::/3): 32.0.0.0, 96.0.0.0, 160.0.0.0, 208.0.0.0; 2800::, 3800::.
 */
const SAMPLES = [
  { family: p.AF_INET, length: 4, starts: [32, 96, 160, 208] },
  { family: p.AF_INET6, length: 16, starts: [0x28, 0x38] },
] as const;

/** `struct rtmsg`, as in rtnetlink/route.ts. */
const HEADER_LENGTH = 12;
const TYPE_AT = 7;
const FLAGS_AT = 8;

/** `struct rtnexthop`: length u16, flags u8, hops u8, index i32; attributes follow. */
const NEXT_HOP_LENGTH = 8;

/** Bits of the widest private range: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). */
const WIDEST_PRIVATE = { [p.AF_INET]: 8, [p.AF_INET6]: 7 } as const;

/**
 * True for a default route, and for what stands in its place: VPNs route halves, quarters and odd pieces of the whole
 * (0.0.0.0/1, 2000::/3), so that their routes win and the default route stays. What is wider than any private range leads to
 * the Internet and claims no subnet.
 */
export function leadsOut({ family, length }: Pick<IpPrefix, "family" | "length">): boolean {
  return length < WIDEST_PRIVATE[family];
}

/** The links by which packets to the Internet leave now, all hops of a route over several among them, of each family. */
export interface WaysOut {
  readonly v4: readonly LinkState[];
  readonly v6: readonly LinkState[];
}

/** The kernel is asked, since rules (ip-rule(8)) lead to tables beside the main one, as WireGuard's do. */
export function waysOut(socket: NetlinkSocket): WaysOut {
  const batch = new MessageBatch();
  for (const { family, length, starts } of SAMPLES) {
    for (const start of starts)
      encodeLookUp(batch, family, Buffer.concat([Buffer.of(start), Buffer.alloc(length - 1)]));
  }
  const { replies } = socket.exchange(batch, { what: () => "look up routes to the Internet", reads: true });
  const hops = (wanted: number) =>
    new Set(replies.flatMap(({ payload }) => (payload[0] === wanted ? hopsOf(payload) : [])));
  const [v4, v6] = [hops(p.AF_INET), hops(p.AF_INET6)];
  const links = findLinks(socket, [...new Set([...v4, ...v6])]).filter(({ loopback }) => !loopback);
  const those = (indices: ReadonlySet<number>) => links.filter(({ index }) => indices.has(index));
  return { v4: those(v4), v6: those(v6) };
}

function encodeLookUp(batch: MessageBatch, family: number, address: Buffer): void {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = family;
  header[1] = address.length * 8;
  header.writeUInt32LE(p.RTM_F_FIB_MATCH, FLAGS_AT);
  batch.begin(p.RTM_GETROUTE, 0, header).bytes(p.RTA_DST, address);
}

/** Indices of the links that a route leads to; none for one that refuses. */
function hopsOf(route: Buffer): readonly number[] {
  if (route.length < HEADER_LENGTH || route.readUInt8(TYPE_AT) !== p.RTN_UNICAST) return [];
  const attributes = Attributes.decode(route, HEADER_LENGTH);
  const link = attributes.u32(p.RTA_OIF);
  return link === undefined ? nextHops(attributes.bytes(p.RTA_MULTIPATH) ?? Buffer.alloc(0)) : [link];
}

function nextHops(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + NEXT_HOP_LENGTH <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < NEXT_HOP_LENGTH) break;
    found.push(bytes.readInt32LE(at + 4));
    // RTNH_ALIGN of <linux/rtnetlink.h>.
    at += (length + 3) & ~3;
  }
  return found;
}
