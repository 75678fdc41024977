import { constants } from "node:os";
import { kernelError } from "../../errno.js";
import { Attributes } from "../../netlink/attributes.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import * as p from "./protocol.js";

/** An interface as the kernel describes it. */
export interface LinkState {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  /** False if it neither sends nor replies to ARP requests. */
  readonly arp: boolean;
  readonly loopback: boolean;
  /** `02:42:…`; absent for links without one. */
  readonly mac?: string;
  /** Bytes. */
  readonly mtu?: number;
  /** `bridge`, `veth` …; absent for hardware. */
  readonly kind?: string;
  /** Index of the bridge that it is a port of. */
  readonly master?: number;
  /** It is a port of a bridge that sends frames back to where they came from. */
  readonly hairpin?: boolean;
  /** It is a port of a bridge that exchanges nothing with other such ports. */
  readonly isolated?: boolean;
  /** It is a port of a bridge that learns addresses from what comes in. */
  readonly learning?: boolean;
  /** It is a port of a bridge that gets frames for addresses that the bridge does not know. */
  readonly floods?: boolean;
  /** It is a port of a bridge that replies in the place of neighbours behind it. */
  readonly suppresses?: boolean;
  /** It is a port of a bridge that passes no frames: the bridge is down, or has not seen the carrier yet. */
  readonly disabled?: boolean;
  /** 0 is the one that links are in by themselves. */
  readonly group?: number;
  /** The text that a program wrote on it, see ip-link(8). */
  readonly alias?: string;
  /** Index of its other end, or of the link that it stands on, in the namespace where that lives. */
  readonly peer?: number;
  /** The number of that namespace, see {@link netnsId}; absent where it is the link's own. */
  readonly peerNetns?: number;
  /** What is its kind's own (`IFLA_INFO_DATA`). */
  readonly data?: Attributes;
}

/** Words of `ip link show` and bits of <linux/if.h> for the fixed header of every link message. */
export interface LinkHeader {
  readonly index?: number;
  /** Takes it down. */
  readonly down?: true;
  readonly up?: boolean;
  /** Switches ARP on or off; absent leaves it. */
  readonly arp?: boolean;
}

/** `struct ifinfomsg`: family u8, pad u8, type u16, index i32, flags u32, change u32. */
const HEADER_LENGTH = 16;

export function linkHeader({ index = 0, up = false, down, arp }: LinkHeader): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeInt32LE(index, 4);
  const flags = (up ? p.IFF_UP : 0) | (arp === false ? p.IFF_NOARP : 0);
  header.writeUInt32LE(flags, 8);
  header.writeUInt32LE(flags | (down ? p.IFF_UP : 0) | (arp ? p.IFF_NOARP : 0), 12);
  return header;
}

/** Asks for one link; the answer comes among the replies of the exchange. */
export function encodeGetLink(batch: MessageBatch, name: string): void {
  batch.begin(p.RTM_GETLINK, 0, linkHeader({}));
  batch.string(p.IFLA_IFNAME, name).u32(p.IFLA_EXT_MASK, p.RTEXT_FILTER_SKIP_STATS);
}

/** Brings up a link known by name. */
export function encodeLinkUp(batch: MessageBatch, name: string): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({ up: true })).string(p.IFLA_IFNAME, name);
}

/** Sets the MTU of a link known by name. */
export function encodeLinkMtu(batch: MessageBatch, name: string, mtu: number): void {
  batch.begin(p.RTM_NEWLINK, 0, linkHeader({})).string(p.IFLA_IFNAME, name).u32(p.IFLA_MTU, mtu);
}

/** The index alone, for callers that need no more. */
export function decodeLinkIndex({ payload }: NetlinkMessage): number | undefined {
  return payload.length < HEADER_LENGTH ? undefined : payload.readInt32LE(4);
}

/** Undefined for a message that is too short or lacks a name. */
export function decodeLink({ payload }: NetlinkMessage): LinkState | undefined {
  if (payload.length < HEADER_LENGTH) return undefined;
  const attributes = Attributes.decode(payload, HEADER_LENGTH);
  const name = attributes.string(p.IFLA_IFNAME);
  if (name === undefined) return undefined;
  const flags = payload.readUInt32LE(8);
  const mac = attributes.bytes(p.IFLA_ADDRESS);
  const mtu = attributes.u32(p.IFLA_MTU);
  const info = attributes.nested(p.IFLA_LINKINFO);
  const kind = info.string(p.IFLA_INFO_KIND);
  const hasData = info.bytes(p.IFLA_INFO_DATA) !== undefined;
  const port = info.nested(p.IFLA_INFO_SLAVE_DATA);
  const hairpin = port.u8(p.IFLA_BRPORT_MODE);
  const isolated = port.u8(p.IFLA_BRPORT_ISOLATED);
  const learning = port.u8(p.IFLA_BRPORT_LEARNING);
  const floods = port.u8(p.IFLA_BRPORT_UNICAST_FLOOD);
  const suppresses = port.u8(p.IFLA_BRPORT_NEIGH_SUPPRESS);
  const state = port.u8(p.IFLA_BRPORT_STATE);
  const master = attributes.u32(p.IFLA_MASTER);
  const group = attributes.u32(p.IFLA_GROUP);
  const alias = attributes.string(p.IFLA_IFALIAS);
  const peer = attributes.u32(p.IFLA_LINK);
  const peerNetns = attributes.u32(p.IFLA_LINK_NETNSID);
  return {
    index: payload.readInt32LE(4),
    name,
    up: (flags & p.IFF_UP) !== 0,
    arp: (flags & p.IFF_NOARP) === 0,
    loopback: (flags & p.IFF_LOOPBACK) !== 0,
    ...(mac === undefined || mac.length === 0 ? {} : { mac: formatMac(mac) }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(kind === undefined ? {} : { kind }),
    ...(master === undefined ? {} : { master }),
    ...(hairpin === undefined ? {} : { hairpin: hairpin === 1 }),
    ...(isolated === undefined ? {} : { isolated: isolated === 1 }),
    ...(learning === undefined ? {} : { learning: learning === 1 }),
    ...(floods === undefined ? {} : { floods: floods === 1 }),
    ...(suppresses === undefined ? {} : { suppresses: suppresses === 1 }),
    ...(state === undefined ? {} : { disabled: state === p.BR_STATE_DISABLED }),
    ...(group === undefined ? {} : { group }),
    ...(alias === undefined ? {} : { alias }),
    ...(peer === undefined ? {} : { peer }),
    ...(peerNetns === undefined ? {} : { peerNetns }),
    ...(hasData ? { data: info.nested(p.IFLA_INFO_DATA) } : {}),
  };
}

/** Undefined where no link has that name. Throws `kernel` or `permission`. */
export function findLink(socket: NetlinkSocket, name: string): LinkState | undefined {
  const batch = new MessageBatch();
  encodeGetLink(batch, name);
  const { replies, failures } = socket.exchange(batch, { what: () => `look up link ${name}`, reads: true });
  const [failure] = failures;
  if (failure !== undefined) {
    if (failure.errno === constants.errno.ENODEV) return undefined;
    throw kernelError({ operation: "look up link", object: name, ...failure });
  }
  return replies[0] === undefined ? undefined : decodeLink(replies[0]);
}

/** Those of the names that a link has, in one exchange. Throws `kernel` or `permission`. */
export function findNamedLinks(socket: NetlinkSocket, names: readonly string[]): readonly LinkState[] {
  const batch = new MessageBatch();
  for (const name of names) encodeGetLink(batch, name);
  const what = names.join(", ");
  const { replies, failures } = socket.exchange(batch, { what: () => `look up links ${what}`, reads: true });
  const failure = failures.find(({ errno }) => errno !== constants.errno.ENODEV);
  if (failure !== undefined) throw kernelError({ operation: "look up links", object: what, ...failure });
  return replies.flatMap((message) => decodeLink(message) ?? []);
}

/** Those of the indices that a link has, in one exchange, whatever else the namespace holds. */
export function findLinks(socket: NetlinkSocket, indices: readonly number[]): readonly LinkState[] {
  const batch = new MessageBatch();
  for (const index of indices) {
    batch.begin(p.RTM_GETLINK, 0, linkHeader({ index })).u32(p.IFLA_EXT_MASK, p.RTEXT_FILTER_SKIP_STATS);
  }
  const { replies } = socket.exchange(batch, { what: () => `look up links ${indices.join(", ")}`, reads: true });
  return replies.flatMap((message) => decodeLink(message) ?? []);
}

/** Of all links. */
export function listLinkNames(socket: NetlinkSocket): readonly string[] {
  const batch = new MessageBatch().begin(p.RTM_GETLINK, 0, linkHeader({}));
  batch.u32(p.IFLA_EXT_MASK, p.RTEXT_FILTER_SKIP_STATS);
  return socket
    .dump(batch, "links")
    .flatMap(({ payload }) => Attributes.decode(payload, HEADER_LENGTH).string(p.IFLA_IFNAME) ?? []);
}

/** All links, or the ports of one bridge. */
export function listLinks(socket: NetlinkSocket, { master }: Pick<LinkState, "master"> = {}): readonly LinkState[] {
  const batch = new MessageBatch().begin(p.RTM_GETLINK, 0, linkHeader({}));
  batch.u32(p.IFLA_EXT_MASK, p.RTEXT_FILTER_SKIP_STATS);
  if (master !== undefined) batch.u32(p.IFLA_MASTER, master);
  return socket
    .dump(batch, "links")
    .flatMap((message) => decodeLink(message) ?? [])
    .filter((link) => master === undefined || link.master === master);
}

export function parseMac(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(":", ""), "hex");
}

export function formatMac(bytes: Buffer): string {
  return bytes.toString("hex").replace(/..(?!$)/g, "$&:");
}
