import { Attributes } from "../../netlink/attributes.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_CREATE, NLM_F_EXCL } from "../../netlink/protocol.js";
import type { IpPrefix } from "./ip-prefix.js";
import * as p from "./protocol.js";

/** A route to be, or one that the kernel has. */
export interface RouteState {
  readonly destination: IpPrefix;
  /** Absent for a destination that is on the link. */
  readonly gateway?: Buffer;
  /** The gateway counts as on the link. A route that exists has one that is reached, so the kernel's word is not read. */
  readonly onlink?: boolean;
  /** The address that the host's own packets have. */
  readonly source?: Buffer;
  /** Index of the link; absent for a route over several. */
  readonly link?: number;
  /** Absent for the family's default: 0 for IPv4, 1024 for IPv6. */
  readonly metric?: number;
}

/** `struct rtmsg`: family, dst_len, src_len, tos, table, protocol, scope, type, all u8; flags u32. */
const HEADER_LENGTH = 12;
const TABLE_AT = 4;
const PROTOCOL_AT = 5;
const TYPE_AT = 7;
const FLAGS_AT = 8;

/** <sys/socket.h>: of every family. */
const AF_UNSPEC = 0;

/** `ip route add DESTINATION [via GATEWAY] dev LINK [onlink] [src SOURCE] [metric METRIC] proto 116`; EEXIST where the main table has one of the same destination and metric. */
export function encodeNewRoute(batch: MessageBatch, route: RouteState): void {
  const header = routeHeader(route);
  header[PROTOCOL_AT] = p.RTPROT_TSD;
  header[6] = route.gateway === undefined ? p.RT_SCOPE_LINK : p.RT_SCOPE_UNIVERSE;
  header[TYPE_AT] = p.RTN_UNICAST;
  if (route.onlink) header.writeUInt32LE(p.RTNH_F_ONLINK, FLAGS_AT);
  batch.begin(p.RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, header);
  encodeAttributes(batch, route);
}

/**
 * `ip route delete DESTINATION [via GATEWAY] dev LINK [metric METRIC] proto 116`; ESRCH where {@link encodeNewRoute} made none
 * like it. For IPv4 metric 0 means any.
 */
export function encodeDeleteRoute(batch: MessageBatch, route: RouteState): void {
  const header = routeHeader(route);
  header[PROTOCOL_AT] = p.RTPROT_TSD;
  // RT_SCOPE_NOWHERE: of any scope.
  header[6] = 255;
  batch.begin(p.RTM_DELROUTE, 0, header);
  encodeAttributes(batch, { ...route, metric: route.metric ?? defaultMetric(route.destination.family) });
}

/**
 * The route that a packet to the destination's first address takes, as it is in the table (`ip route get fibmatch`, Linux 4.13), and as
 * {@link decodeRoute} reads it.
 */
export function encodeGetRoute(batch: MessageBatch, { destination }: RouteState): void {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = destination.family;
  header[1] = destination.bytes.length * 8;
  header.writeUInt32LE(p.RTM_F_FIB_MATCH, FLAGS_AT);
  batch.begin(p.RTM_GETROUTE, 0, header).bytes(p.RTA_DST, destination.bytes);
}

/** Undefined for what is not a unicast route of the main table. */
export function decodeRoute({ payload }: NetlinkMessage): RouteState | undefined {
  if (payload.length < HEADER_LENGTH) return undefined;
  const attributes = Attributes.decode(payload, HEADER_LENGTH);
  const family = payload.readUInt8(0);
  if (family !== p.AF_INET && family !== p.AF_INET6) return undefined;
  const table = attributes.u32(p.RTA_TABLE) ?? payload.readUInt8(TABLE_AT);
  if (table !== p.RT_TABLE_MAIN || payload.readUInt8(TYPE_AT) !== p.RTN_UNICAST) return undefined;
  if ((payload.readUInt32LE(FLAGS_AT) & p.RTM_F_CLONED) !== 0) return undefined;
  const bytes = attributes.bytes(p.RTA_DST) ?? Buffer.alloc(family === p.AF_INET ? 4 : 16);
  const gateway = attributes.bytes(p.RTA_GATEWAY);
  const source = attributes.bytes(p.RTA_PREFSRC);
  const link = attributes.u32(p.RTA_OIF);
  const metric = ownMetric(family, attributes.u32(p.RTA_PRIORITY));
  return {
    destination: { family, bytes, length: payload.readUInt8(1) },
    ...(gateway === undefined ? {} : { gateway }),
    ...(source === undefined ? {} : { source }),
    ...(link === undefined ? {} : { link }),
    ...(metric === undefined ? {} : { metric }),
  };
}

/** A metric as {@link RouteState} has it. */
export function ownMetric(family: IpPrefix["family"], metric: number | undefined): number | undefined {
  return metric === 0 || metric === defaultMetric(family) ? undefined : metric;
}

/** The unicast routes of the main table, of one family. */
export function listRoutes(socket: NetlinkSocket, family: IpPrefix["family"]): readonly RouteState[] {
  // A kernel without IPv6 replies with the routes of every family it has.
  return dumpRoutes(socket, family).filter((route) => route.destination.family === family);
}

/** The same of IPv4 and IPv6. */
export function listAllRoutes(socket: NetlinkSocket): readonly RouteState[] {
  return dumpRoutes(socket, AF_UNSPEC);
}

function dumpRoutes(socket: NetlinkSocket, family: number): readonly RouteState[] {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = family;
  const messages = socket.dump(new MessageBatch().begin(p.RTM_GETROUTE, 0, header), "routes");
  return messages.flatMap((message) => decodeRoute(message) ?? []);
}

function routeHeader({ destination }: RouteState): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = destination.family;
  header[1] = destination.length;
  header[TABLE_AT] = p.RT_TABLE_MAIN;
  return header;
}

function defaultMetric(family: IpPrefix["family"]): number {
  return family === p.AF_INET ? 0 : p.IP6_RT_PRIO_USER;
}

function encodeAttributes(batch: MessageBatch, { destination, gateway, source, link, metric }: RouteState): void {
  if (destination.length > 0) batch.bytes(p.RTA_DST, destination.bytes);
  if (gateway !== undefined) batch.bytes(p.RTA_GATEWAY, gateway);
  if (source !== undefined) batch.bytes(p.RTA_PREFSRC, source);
  if (link !== undefined) batch.u32(p.RTA_OIF, link);
  if (metric) batch.u32(p.RTA_PRIORITY, metric);
}
