import { constants } from "node:os";
import { kernelError } from "../../errno.js";
import { Attributes } from "../../netlink/attributes.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { NLM_F_CREATE } from "../../netlink/protocol.js";
import { parseAddress } from "./ip-prefix.js";
import { formatMac } from "./link.js";
import { encodeDeleteNeighbour, encodeGetNeighbour } from "./neighbour-entry.js";
import { NEIGHBOUR_HEADER_LENGTH, NEIGHBOUR_STATE_AT, neighbourHeader } from "./neighbour-header.js";
import * as p from "./protocol.js";

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
  for (const key of keys) encodeGetNeighbour(question, link, key);
  const asks = { what: () => `look up neighbours ${addresses.join(", ")}`, reads: true };
  const stale = socket.exchange(question, asks).replies.flatMap(({ payload }): readonly Buffer[] => {
    if (payload.length < NEIGHBOUR_HEADER_LENGTH) return [];
    const attributes = Attributes.decode(payload, NEIGHBOUR_HEADER_LENGTH);
    const [key, known] = [attributes.bytes(p.NDA_DST), attributes.bytes(p.NDA_LLADDR)];
    const byHand = (payload.readUInt16LE(NEIGHBOUR_STATE_AT) & (p.NUD_NOARP | p.NUD_PERMANENT)) !== 0;
    return key === undefined || known === undefined || byHand || formatMac(known) === mac ? [] : [key];
  });
  const order = new MessageBatch();
  for (const key of stale) encodeDeleteNeighbour(order, link, key);
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
  const header = neighbourHeader({ family: p.AF_INET, link: index, flags: p.NTF_USE });
  const batch = new MessageBatch().begin(p.RTM_NEWNEIGH, NLM_F_CREATE, header).bytes(p.NDA_DST, key);
  encodeDeleteNeighbour(batch, index, key);
  const { failures } = socket.exchange(batch, { what: () => `announce ${address} by ${name}` });
  const failure = failures.find(({ errno }) => !unannounced.includes(errno));
  if (failure !== undefined) throw kernelError({ operation: "announce by link", object: name, ...failure });
}
