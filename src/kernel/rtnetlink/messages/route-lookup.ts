import { Attributes } from "../../netlink/attributes.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { formatAddress, parseAddress } from "./ip-prefix.js";
import { findLinks } from "./link.js";
import * as p from "./protocol.js";

/** How the kernel sends to an address. */
export interface RouteLookup {
  readonly local: boolean;
  readonly link: string;
  readonly gateway?: string;
  readonly source?: string;
}

/** `struct rtmsg`, as in route.ts. */
const HEADER_LENGTH = 12;
const TYPE_AT = 7;

/** `ip route get ADDRESS`; undefined where the kernel has no route, or one that refuses. Throws `invalid-input` for no address. */
export function lookUpRoute(socket: NetlinkSocket, address: string): RouteLookup | undefined {
  const bytes = parseAddress(address);
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = bytes.length === 4 ? p.AF_INET : p.AF_INET6;
  header[1] = bytes.length * 8;
  const { replies } = socket.exchange(new MessageBatch().begin(p.RTM_GETROUTE, 0, header).bytes(p.RTA_DST, bytes));
  const [reply] = replies;
  if (reply === undefined || reply.payload.length < HEADER_LENGTH) return undefined;
  const type = reply.payload.readUInt8(TYPE_AT);
  if (type !== p.RTN_UNICAST && type !== p.RTN_LOCAL) return undefined;
  const attributes = Attributes.decode(reply.payload, HEADER_LENGTH);
  const index = attributes.u32(p.RTA_OIF);
  const link = index === undefined ? undefined : findLinks(socket, [index])[0]?.name;
  if (link === undefined) return undefined;
  const gateway = attributes.bytes(p.RTA_GATEWAY);
  const source = attributes.bytes(p.RTA_PREFSRC);
  return {
    local: type === p.RTN_LOCAL,
    link,
    ...(gateway === undefined ? {} : { gateway: formatAddress(gateway) }),
    ...(source === undefined ? {} : { source: formatAddress(source) }),
  };
}
