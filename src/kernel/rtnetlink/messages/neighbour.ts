import { Attributes } from "../../netlink/attributes.js";
import { MessageBatch } from "../../netlink/message-batch.js";
import type { NetlinkSocket } from "../../netlink/netlink-socket.js";
import { parseAddress } from "./ip-prefix.js";
import { formatMac } from "./link.js";
import * as p from "./protocol.js";

/** `struct ndmsg`: family u8, pad u8, pad u16, index i32, state u16, flags u8, type u8. */
const HEADER_LENGTH = 12;
const STATE_AT = 8;

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

function encodeNeighbour(batch: MessageBatch, type: number, link: number, address: Buffer): void {
  const header = Buffer.alloc(HEADER_LENGTH);
  header[0] = address.length === 4 ? p.AF_INET : p.AF_INET6;
  header.writeInt32LE(link, 4);
  batch.begin(type, 0, header).bytes(p.NDA_DST, address);
}
