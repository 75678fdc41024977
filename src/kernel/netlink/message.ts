import { align, NLMSG_HEADER_LENGTH } from "./protocol.js";

/** A message that the kernel sent. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Everything after the netlink header: the family's fixed header, then attributes. */
  readonly payload: Buffer;
}

/** The messages of one datagram. A header whose length cannot be right ends the list. */
export function decodeMessages(datagram: Buffer): readonly NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  let at = 0;
  while (at + NLMSG_HEADER_LENGTH <= datagram.length) {
    const length = datagram.readUInt32LE(at);
    if (length < NLMSG_HEADER_LENGTH || at + length > datagram.length) break;
    messages.push({
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      sequence: datagram.readUInt32LE(at + 8),
      payload: datagram.subarray(at + NLMSG_HEADER_LENGTH, at + length),
    });
    at += align(length);
  }
  return messages;
}
