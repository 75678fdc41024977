import { constants } from "node:os";
import { kernelError } from "../../errno.js";
import { Attributes } from "../../netlink/attributes.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_CREATE } from "../../netlink/protocol.js";
import { parseAddress } from "./ip-prefix.js";
import { formatMac } from "./link.js";
import * as p from "./protocol.js";

/** `struct ndmsg`: family u8, pad u8, pad u16, index i32, state u16, flags u8, type u8. */
const HEADER_LENGTH = 12;
const STATE_AT = 8;
const FLAGS_AT = 10;

const { EINVAL, ENETDOWN, ENOBUFS, ENODEV, ENOENT } = constants.errno;
/** Nobody is to be told, or cannot be: no link, no IPv4 on it, no room for neighbours; and what is not there cannot be forgotten. */
const unannounced: readonly number[] = [ENODEV, EINVAL, ENETDOWN, ENOBUFS, ENOENT];

/**
 * Makes the namespace forget the MAC addresses, other than `mac`, by which it reaches `addresses` on a link. What somebody
 * entered by hand stays. A kernel that lists only all neighbours at once (before Linux 5.0) removes none.
 */
export function forgetNeighbours(
  socket: NetlinkSocket,
  link: number,
  { mac, addresses }: { readonly mac: string; readonly addresses: readonly string[] },
): void {
  const keys = addresses.map(parseAddress);
  const question = new MessageBatch();
  for (const key of keys) encodeNeighbour(question, p.RTM_GETNEIGH, link, key);
  const asks = { what: () => `look up neighbours ${addresses.join(", ")}`, reads: true };
  const stale = socket.exchange(question, asks).replies.flatMap(({ payload }): readonly Buffer[] => {
    if (payload.length < HEADER_LENGTH) return [];
    const attributes = Attributes.decode(payload, HEADER_LENGTH);
    const [key, known] = [attributes.bytes(p.NDA_DST), attributes.bytes(p.NDA_LLADDR)];
    const byHand = (payload.readUInt16LE(STATE_AT) & (p.NUD_NOARP | p.NUD_PERMANENT)) !== 0;
    return key === undefined || known === undefined || byHand || formatMac(known) === mac ? [] : [key];
  });
  const order = new MessageBatch();
  for (const key of stale) encodeNeighbour(order, p.RTM_DELNEIGH, link, key);
  // One that is gone meanwhile is forgotten too.
  socket.exchange(order, { what: () => `forget neighbours ${addresses.join(", ")}` });
}

/**
 * Has the kernel broadcast an ARP request for an IPv4 address that the link itself has: an announcement (RFC 5227 §3), which
 * replaces what neighbours remember. It asks since the neighbour is to be used, then forgets it. A packet socket would send the
 * same frame, and its close waits 10 ms for readers of the kernel's (RCU). Sends none where the link is gone or down, speaks no IPv4 or
 * does no ARP, or where the kernel remembers no more neighbours; that is no error. Throws `permission` or `kernel`.
 */
export function announceByArp(
  socket: NetlinkSocket,
  { name, index }: { readonly name: string; readonly index: number },
  address: string,
): void {
  const key = parseAddress(address);
  const header = neighbourHeader(index, key);
  header[FLAGS_AT] = p.NTF_USE;
  const batch = new MessageBatch().begin(p.RTM_NEWNEIGH, NLM_F_CREATE, header).bytes(p.NDA_DST, key);
  encodeNeighbour(batch, p.RTM_DELNEIGH, index, key);
  const { failures } = socket.exchange(batch, { what: () => `announce ${address} by ${name}` });
  const failure = failures.find(({ errno }) => !unannounced.includes(errno));
  if (failure !== undefined) throw kernelError({ operation: "announce by link", object: name, ...failure });
}

function encodeNeighbour(batch: MessageBatch, type: number, link: number, address: Buffer): void {
  batch.begin(type, 0, neighbourHeader(link, address)).bytes(p.NDA_DST, address);
}

function neighbourHeader(link: number, address: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = address.length === 4 ? p.AF_INET : p.AF_INET6;
  header.writeInt32LE(link, 4);
  return header;
}
