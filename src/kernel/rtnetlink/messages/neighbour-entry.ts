import { Attributes } from "../../netlink/attributes.js";
import type { NetlinkMessage } from "../../netlink/message.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_CREATE, NLM_F_REPLACE } from "../../netlink/protocol.js";
import { formatMac, parseMac } from "./link.js";
import { NEIGHBOUR_HEADER_LENGTH, NEIGHBOUR_STATE_AT, neighbourHeader } from "./neighbour-header.js";
import * as p from "./protocol.js";

/** A neighbour as the kernel has it. */
export interface NeighbourState {
  /** Index. */
  readonly link: number;
  /** In network order, four bytes or sixteen. */
  readonly address: Buffer;
  /** Absent while the kernel looks for it. */
  readonly mac?: string;
  readonly permanent: boolean;
  /** True for one that {@link encodeNewNeighbour} made; false for all before Linux 5.0. */
  readonly own: boolean;
}

/** Of a neighbour that is to be. */
export interface NeighbourEntry {
  readonly link: number;
  readonly address: Buffer;
  readonly mac: string;
}

/** `ip neighbour replace ADDRESS lladdr MAC dev LINK nud permanent protocol 116`. */
export function encodeNewNeighbour(batch: MessageBatch, { link, address, mac }: NeighbourEntry): void {
  batch.begin(p.RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, headerOf(link, address, p.NUD_PERMANENT));
  batch.bytes(p.NDA_DST, address).bytes(p.NDA_LLADDR, parseMac(mac)).u8(p.NDA_PROTOCOL, p.RTPROT_TSD);
}

/** `ip neighbour delete ADDRESS dev LINK`; ENOENT if there is none. */
export function encodeDeleteNeighbour(batch: MessageBatch, link: number, address: Buffer): void {
  batch.begin(p.RTM_DELNEIGH, 0, headerOf(link, address)).bytes(p.NDA_DST, address);
}

/** `ip neighbour get ADDRESS dev LINK` (Linux 5.0); ENOENT if there is none. */
export function encodeGetNeighbour(batch: MessageBatch, link: number, address: Buffer): void {
  batch.begin(p.RTM_GETNEIGH, 0, headerOf(link, address)).bytes(p.NDA_DST, address);
}

/** Undefined for a message that is too short or names no address. */
export function decodeNeighbour({ payload }: NetlinkMessage): NeighbourState | undefined {
  if (payload.length < NEIGHBOUR_HEADER_LENGTH) return undefined;
  const attributes = Attributes.decode(payload, NEIGHBOUR_HEADER_LENGTH);
  const address = attributes.bytes(p.NDA_DST);
  if (address === undefined) return undefined;
  const mac = attributes.bytes(p.NDA_LLADDR);
  return {
    link: payload.readInt32LE(4),
    address,
    ...(mac === undefined ? {} : { mac: formatMac(mac) }),
    permanent: (payload.readUInt16LE(NEIGHBOUR_STATE_AT) & p.NUD_PERMANENT) !== 0,
    own: attributes.u8(p.NDA_PROTOCOL) === p.RTPROT_TSD,
  };
}

/** The neighbours behind one link, of both families. */
export function listNeighbours(socket: NetlinkSocket, link: number): readonly NeighbourState[] {
  const batch = new MessageBatch().begin(p.RTM_GETNEIGH, 0, neighbourHeader({ family: 0, link: 0 }));
  batch.u32(p.NDA_IFINDEX, link);
  // A kernel that does not know the condition replies with the neighbours behind every link.
  return socket
    .dump(batch, "neighbours")
    .flatMap((message) => decodeNeighbour(message) ?? [])
    .filter((neighbour) => neighbour.link === link);
}

function headerOf(link: number, address: Buffer, state = 0): Buffer {
  return neighbourHeader({ family: address.length === 4 ? p.AF_INET : p.AF_INET6, link, state });
}
